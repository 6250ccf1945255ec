/** What every layer over the screen does: takes the focus, keeps it, gives it back; Escape closes. */

/** Layers that stand open, the topmost last: only that one takes the keys. */
const open: HTMLElement[] = [];

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"]';

export function modal(close: () => void): (layer: HTMLElement) => () => void {
  return (layer) => {
    const before = document.activeElement;
    const inside = (): HTMLElement[] => [...layer.querySelectorAll<HTMLElement>(FOCUSABLE)];
    // Not just any first field: on a tablet that would bring up the keyboard.
    (layer.querySelector<HTMLElement>("[data-first]") ?? layer).focus();

    // On the document: what had the focus may be gone, such as a button that led further in.
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing || open[open.length - 1] !== layer) return;
      if (event.key === "Escape") {
        event.stopImmediatePropagation();
        close();
      }
      if (event.key !== "Tab") return;
      const all = inside();
      const edge = event.shiftKey ? all[0] : all[all.length - 1];
      const active = document.activeElement;
      if (layer.contains(active) && active !== edge && active !== layer) return;
      event.preventDefault();
      (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
    };
    open.push(layer);
    document.addEventListener("keydown", pressed);
    return () => {
      document.removeEventListener("keydown", pressed);
      open.splice(open.indexOf(layer), 1);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  };
}
