/** Which page a key asks for. Pure but for looking at where the key was pressed. */

export function keyPage(
  event: KeyboardEvent,
  { page, pages }: { page: number; pages: number },
): number | null {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return null;
  if (isTaken(event)) return null;
  switch (event.key) {
    case "ArrowLeft":
    case "PageUp":
      return page - 1;
    case "ArrowRight":
    case "PageDown":
      return page + 1;
    case " ":
      return event.shiftKey ? page - 1 : page + 1;
    case "Home":
      return 1;
    case "End":
      return pages;
    default:
      return null;
  }
}

/** A field takes its own keys, a button its space, and an open dialog everything. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open], [aria-modal='true']")) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select, [contenteditable]")) return true;
  return key === " " && target.closest("button, a, summary") !== null;
}
