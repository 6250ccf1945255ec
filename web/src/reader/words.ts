/**
 * The words of a page, laid over its image so that they can be selected, copied and read aloud.
 * Pure: places in pixels of a sheet that is SHEET wide and is scaled as a whole.
 */
import type { PageTextView } from "../protocol";

export const SHEET = 1000;
/** Places come in these parts of a page. */
export const PARTS = 10_000;
/** Of the height of a word's box, what its letters take. */
const LETTERS = 0.78;

export interface LaidWord {
  text: string;
  left: number;
  top: number;
  height: number;
  size: number;
  /** After each letter, so that the word is as wide as it is printed. */
  spacing: number;
}

/**
 * Paragraphs of words.
 *
 * `ratio`: height of the page over its width. `measure`: width of a word at a size of 1 px.
 */
export function laid(
  { words, boxes, blocks }: PageTextView,
  ratio: number,
  measure: (word: string) => number,
): LaidWord[][] {
  const starts = new Set(blocks);
  const paragraphs: LaidWord[][] = [];
  words.forEach((text, at) => {
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.slice(4 * at, 4 * at + 4);
    const height = ((bottom - top) / PARTS) * SHEET * ratio;
    const size = height * LETTERS;
    const width = ((right - left) / PARTS) * SHEET;
    const word = {
      text,
      left: (left / PARTS) * SHEET,
      top: (top / PARTS) * SHEET * ratio,
      height,
      size,
      spacing: (width - measure(text) * size) / Math.max(1, [...text].length),
    };
    if (starts.has(at) || paragraphs.length === 0) paragraphs.push([word]);
    else paragraphs[paragraphs.length - 1]?.push(word);
  });
  return paragraphs;
}

/** What of a selection is copied: words apart, paragraphs on lines of their own. */
export function copied(selected: DocumentFragment): string {
  const whole = [...selected.querySelectorAll("p")];
  const paragraphs = whole.length > 0 ? whole : [selected];
  return paragraphs
    .map((one) => {
      const words = [...one.querySelectorAll("span")].map(({ textContent }) => textContent);
      const texts = words.length > 0 ? words : [one.textContent];
      return texts.map((text) => (text ?? "").trim()).filter(Boolean).join(" ");
    })
    .filter(Boolean)
    .join("\n");
}
