/** What every layer over the screen does: takes the focus, keeps it, gives it back; Escape closes. */
const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"]';

export function modal(close: () => void): (layer: HTMLElement) => () => void {
  return (layer) => {
    const before = document.activeElement;
    const inside = (): HTMLElement[] => [...layer.querySelectorAll<HTMLElement>(FOCUSABLE)];
    // Not just any first field: on a tablet that would bring up the keyboard.
    (layer.querySelector<HTMLElement>("[data-first]") ?? layer).focus();

    const pressed = (event: KeyboardEvent): void => {
      if (event.key === "Escape") {
        event.stopPropagation();
        close();
      }
      if (event.key !== "Tab") return;
      const all = inside();
      const edge = event.shiftKey ? all[0] : all[all.length - 1];
      const active = document.activeElement;
      if (active !== edge && active !== layer) return;
      event.preventDefault();
      (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
    };
    layer.addEventListener("keydown", pressed);
    return () => {
      layer.removeEventListener("keydown", pressed);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  };
}
