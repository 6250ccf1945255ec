/** Papers of the agenda in the order of the meeting, as far as this viewer may read. Pure. */
import type { DocumentView, View } from "../protocol";

/** The paper that comes after the one with this address. */
export function after(view: View, address: string): DocumentView | null {
  const papers = inOrder(view.agenda).flatMap(({ documents }) => inOrder(documents));
  const index = papers.findIndex((paper) => paper.address === address);
  return index < 0 ? null : (papers[index + 1] ?? null);
}

/** The papers of the item that is on, or of the first one ahead that has any. */
export function comingPapers(view: View): DocumentView[] {
  const items = inOrder(view.agenda).filter(({ documents }) => Object.keys(documents).length > 0);
  const on = items.find(({ state }) => state === "on");
  const item = on ?? items.find(({ state }) => state === "ahead");
  return item ? inOrder(item.documents) : [];
}

function inOrder<T extends { position: number }>(rows: Record<string, T>): T[] {
  return Object.values(rows).sort((one, other) => one.position - other.position);
}
