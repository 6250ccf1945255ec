/** Hits on a page: what is marked there, and whether two are the same. Pure. */
import type { FoundPaper, HitView } from "../protocol";
import type { PageOf } from "./page_queue";
import { PARTS } from "./words";

/** Fewer letters than this are not looked for. */
const LETTERS_LEAST = 2;

/** A box on a page, in shares of it; `current` is the hit on screen. */
export interface Mark {
  left: number;
  top: number;
  width: number;
  height: number;
  current: boolean;
}

export function typedEnough(text: string): boolean {
  return (text.match(/[\p{L}\p{N}]/gu) ?? []).length >= LETTERS_LEAST;
}

export function same(one: HitView, other: HitView): boolean {
  return one.page === other.page && String(one.boxes) === String(other.boxes);
}

/** What is marked on this page. */
export function marks(
  going: { paper: FoundPaper; at: number } | null | undefined,
  { address, page }: PageOf,
): Mark[] {
  if (!going || going.paper.address !== address) return [];
  return going.paper.hits.flatMap((hit, at) =>
    hit.page === page ? hit.boxes.map((box) => mark(box, at === going.at)) : [],
  );
}

function mark([left = 0, top = 0, right = 0, bottom = 0]: number[], current: boolean): Mark {
  return {
    left: left / PARTS,
    top: top / PARTS,
    width: (right - left) / PARTS,
    height: (bottom - top) / PARTS,
    current,
  };
}
