/**
 * The one large button: what comes next in the meeting. Pure.
 *
 * Khai mạc → Nội dung 1 → Trình chiếu … → Trang sau … → Nội dung 2 → … → Bế mạc.
 */
import type { DocumentView, View } from "../../protocol";
import { inOrder } from "../../parts/papers";

export type Step =
  | { kind: "open"; early: boolean }
  | { kind: "item"; item: string }
  | { kind: "take" }
  | { kind: "present"; document: string; version: number }
  | { kind: "page"; document: string; version: number; page: number; pages: number }
  | { kind: "close" }
  | { kind: "rest" };

/** The page on show for everybody, a turn under way included. */
export interface Place {
  document: string;
  page: number;
  /** Of the version on show; left out, it is the newest. */
  version?: number;
  pages?: number;
}

type Asked = Pick<View, "agenda" | "item"> & { meeting: Pick<View["meeting"], "phase" | "starts_at"> };

/**
 * @param presents whether this seat is the one who turns pages
 */
export function nextStep(view: Asked, place: Place | null, presents: boolean, now: Date): Step {
  switch (view.meeting.phase) {
    case "before":
      return { kind: "open", early: now < new Date(view.meeting.starts_at) };
    case "running":
      return nextPage(view, place, presents) ?? nextItem(view) ?? { kind: "close" };
    case "closed":
      return { kind: "rest" };
  }
}

/** The item after the one that is on; else one that was passed over; null after the last. */
export function nextItem({ agenda, item }: Pick<View, "agenda" | "item">): Step | null {
  const items = inOrder(agenda);
  const here = items.findIndex(([id]) => id === item);
  const ahead = ([, { state }]: (typeof items)[number]): boolean => !state;
  const next = items.slice(here + 1).find(ahead) ?? items.find(ahead);
  return next ? { kind: "item", item: next[0] } : null;
}

function nextPage({ agenda, item }: Asked, place: Place | null, presents: boolean): Step | null {
  const papers = item ? inOrder(agenda[item]?.documents) : [];
  const step = within(papers, place);
  return step && !presents ? { kind: "take" } : step;
}

/** Within the papers of one item: the next page, else the next paper. */
function within(papers: [string, DocumentView][], place: Place | null): Step | null {
  const here = papers.findIndex(([id]) => id === place?.document);
  const [document, paper] = papers[here] ?? [];
  if (place && document && paper) {
    const { version, pages } = { ...paper, ...place };
    if (place.page < pages) {
      return { kind: "page", document, version, page: place.page + 1, pages };
    }
  }
  const [next, { version } = { version: 0 }] = papers[here + 1] ?? [];
  return next ? { kind: "present", document: next, version } : null;
}
