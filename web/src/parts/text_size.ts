/** A− A A+: the size of all text, remembered on this device. */

export const SIZES = ["small", "normal", "large", "larger"] as const;
export type TextSize = (typeof SIZES)[number];

const REMEMBERED = "phien.text_size";

export function textSize(): TextSize {
  const said = document.documentElement.dataset["text"];
  return SIZES.find((size) => size === said) ?? "normal";
}

export function setTextSize(size: TextSize): void {
  document.documentElement.dataset["text"] = size;
  try {
    window.localStorage.setItem(REMEMBERED, size);
  } catch {
    // holds until the page is left
  }
}

/** One step smaller or larger, staying within what there is. */
export function stepped(size: TextSize, step: -1 | 1): TextSize {
  return SIZES[SIZES.indexOf(size) + step] ?? size;
}

export function restoreTextSize(): void {
  try {
    const kept = window.localStorage.getItem(REMEMBERED);
    const size = SIZES.find((known) => known === kept);
    if (size) document.documentElement.dataset["text"] = size;
  } catch {
    // nothing remembered
  }
}
