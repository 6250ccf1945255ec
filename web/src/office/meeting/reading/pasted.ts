/**
 * What is on the clipboard when a table is copied from Word, Excel or Zalo, as text the server
 * reads: cells parted by tabs, one row a line, cells of several lines in quotes as Excel has them.
 */

/** A cell of a table: its text, one paragraph a line, and how far it reaches. */
export interface Cell {
  text: string;
  columns: number;
  rows: number;
}

/** The texts of a table; a cell over several columns or rows stands in the first of them. */
export function cellsOf(table: readonly (readonly Cell[])[]): string[][] {
  const below: number[] = []; // for how many more rows each column is taken by a cell above
  return table.map((cells) => {
    const row: string[] = [];
    const skip = (): void => {
      while ((below[row.length] ?? 0) > 0) {
        below[row.length] = (below[row.length] ?? 0) - 1;
        row.push("");
      }
    };
    for (const { text, columns, rows } of cells) {
      skip();
      for (let column = 0; column < Math.max(1, columns); column += 1) {
        below[row.length] = Math.max(1, rows) - 1;
        row.push(column ? "" : text);
      }
    }
    skip();
    return row;
  });
}

/** Rows as text: what the server reads. */
export function asText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(quoted).join("\t")).join("\n");
}

function quoted(cell: string): string {
  return /[\n\t]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}

/** Rows without the columns in which nothing stands any more, and what the others mean. */
export function withoutEmpty(
  rows: readonly (readonly string[])[],
  columns: readonly string[],
): { rows: string[][]; columns: string[] } {
  const kept = columns.map((_, place) => rows.some((row) => row[place]?.trim()));
  const keep = <T>(list: readonly T[]): T[] => list.filter((_, place) => kept[place]);
  return { rows: rows.map((row) => keep(columns.map((_, n) => row[n] ?? ""))), columns: keep(columns) };
}
