/** A field of several lines is as high as its text, also where the browser cannot do it by itself. */
export function growing(field: HTMLTextAreaElement): (() => void) | undefined {
  if (CSS.supports("field-sizing", "content")) return undefined;
  const fit = (): void => {
    field.style.height = "auto";
    const edges = field.offsetHeight - field.clientHeight;
    field.style.height = `${String(field.scrollHeight + edges)}px`;
  };
  fit();
  field.addEventListener("input", fit);
  return () => {
    field.removeEventListener("input", fit);
  };
}
