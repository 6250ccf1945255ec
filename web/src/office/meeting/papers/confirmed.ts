/** Whether a paper may be laid down as it is written; which files are there twice. Pure. */
import type { Doubt, ItemRow } from "../../../protocol";

export interface Written {
  item: string;
  number: string;
  title: string;
  /** Why somebody has to say that it is no secret paper, and whether that was said. */
  doubt?: Doubt | null;
  ordinary?: boolean;
}

export type Fault = "lay.item_needed" | "lay.title_needed" | "lay.ordinary_needed";

/** What is still to be said of a paper; "" if nothing. */
export function faultOf(written: Written, items: readonly ItemRow[]): Fault | "" {
  const { item, number, title, doubt, ordinary } = written;
  if (!items.some(({ id, recess }) => id === item && !recess)) return "lay.item_needed";
  if (!title.trim() && !number.trim()) return "lay.title_needed";
  return doubt && !ordinary ? "lay.ordinary_needed" : "";
}

/** The files that are the same, byte for byte, as one before them: by key, the other's name. */
export function twins(
  rows: readonly { key: string; name: string; sha256: string }[],
): Map<string, string> {
  const first = new Map<string, string>();
  const found = new Map<string, string>();
  for (const { key, name, sha256 } of rows) {
    const other = first.get(sha256);
    if (!sha256) continue;
    if (other === undefined) first.set(sha256, name);
    else found.set(key, other);
  }
  return found;
}

/** What the new version says on its own first page that is written otherwise; null if nothing. */
export function proposedAnew(
  paper: { number: string; title: string },
  said: { number: string; title: string },
): { number: string; title: string } | null {
  const number = said.number || paper.number;
  const title = said.title || paper.title;
  return number === paper.number && title === paper.title ? null : { number, title };
}
