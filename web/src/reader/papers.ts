/** Papers of the agenda in the order of the meeting, as far as this viewer may read. Pure. */
import { at, presentedNow, type Shown } from "../live/follow";
import type { DocumentView, View } from "../protocol";
import { beginnings, NOTHING, order, type Order } from "./page_queue";

/** The pages to hold on a device that shows this one, in the order of need. */
export function wantedBy(view: View | null, shown: Shown | null): Order {
  if (!view) return NOTHING;
  if (!shown) return beginnings(comingPapers(view));
  const on = presentedNow(view);
  // A new version of what is on show here may be presented next, at the same page.
  const replaced = on && on.version !== on.newest && on.address === shown.address;
  const { document, page } = shown;
  return order(shown, replaced ? at(view, { document, page }) : on, next(view, shown.address));
}

/** The papers that may be presented next: the one after this address, and the next item's first. */
export function next(view: View, address: string): DocumentView[] {
  const items = inOrder(view.agenda).map(({ documents }) => inOrder(documents));
  const at = items.findIndex((papers) => papers.some((paper) => lies(paper, address)));
  if (at < 0) return [];
  const papers = items[at] ?? [];
  const after = papers[papers.findIndex((paper) => lies(paper, address)) + 1];
  const first = items.slice(at + 1).find(({ length }) => length > 0)?.[0];
  return [after, first].filter((paper) => paper !== undefined);
}

/** The papers of the item that is on, or of the first one ahead that has any. */
export function comingPapers(view: View): DocumentView[] {
  const items = inOrder(view.agenda).filter(({ documents }) => documents);
  const on = items.find(({ state }) => state === "on");
  const item = on ?? items.find(({ state }) => !state);
  return item ? inOrder(item.documents) : [];
}

function inOrder<T extends { position: number }>(rows: Record<string, T> = {}): T[] {
  return Object.values(rows).sort((one, other) => one.position - other.position);
}

/** Where this viewer may read now: older versions, too, as one of them may be on show still. */
export function addresses(view: View): Set<string> {
  const papers = Object.values(view.agenda).flatMap(({ documents }) => inOrder(documents));
  return new Set(papers.flatMap(all));
}

/** Whether this address is of the paper, in any version. */
function lies(paper: DocumentView, address: string): boolean {
  return all(paper).includes(address);
}

function all({ address, older }: DocumentView): string[] {
  return [address, ...Object.values(older ?? {}).map((one) => one.address)];
}
