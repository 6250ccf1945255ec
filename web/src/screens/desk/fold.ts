/** Finding a name as it is typed in haste: without marks, đ as d, by the beginnings of words. */

const MARKS = /[\u0300-\u036f]/g;

export function fold(text: string): string {
  return text.normalize("NFD").replace(MARKS, "").replace(/[đĐ]/g, "d").toLowerCase();
}

/** Whether each typed word begins a word of `text`: "va" finds Vân, "ngu van" finds Nguyễn Văn Hòa. */
export function matches(text: string, typed: string): boolean {
  const begins = words(text);
  return words(typed).every((word) => begins.some((begin) => begin.startsWith(word)));
}

function words(text: string): string[] {
  return fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}
