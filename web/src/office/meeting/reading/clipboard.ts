/** The table on the clipboard, out of the HTML that Word, Excel and web pages lay there. */
import { asText, cellsOf, type Cell } from "./pasted";

/** Stands for the end of a paragraph; line ends in the HTML itself mean nothing. */
const BREAK = "\u0001";

/** The first table in this HTML as rows of text; null if there is none. */
export function tableText(html: string): string | null {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return null;
  const cells = [...table.rows].map((row) => [...row.cells].map(cellOf));
  return asText(cellsOf(cells));
}

function cellOf(cell: HTMLTableCellElement): Cell {
  for (const end of cell.querySelectorAll("p, div, li")) end.append(BREAK);
  for (const end of cell.querySelectorAll("br")) end.replaceWith(BREAK);
  const lines = (cell.textContent ?? "").split(BREAK);
  const text = lines.map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean);
  return { text: text.join("\n"), columns: cell.colSpan, rows: cell.rowSpan };
}

/**
 * Copy text. On plain HTTP browsers have no clipboard for pages, so it is done as by hand, out of
 * a field that shows the text. Whether it went.
 */
export function copyFrom(field: HTMLTextAreaElement): boolean {
  field.focus();
  field.select();
  field.setSelectionRange(0, field.value.length);
  return document.execCommand("copy");
}
