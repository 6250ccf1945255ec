/** Hits on a page: what is marked there, and whether two are the same. Pure. */
import type { FoundPaper, HitView } from "../protocol";
import type { Point, Sight, Size } from "./gestures";
import { lay, type Cut } from "./lying";
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

/**
 * The sight moved until the mark lies in the middle of the stage; as it is where all of the mark is
 * in sight. `frame`: where the page lies on the stage (px).
 */
export function revealed(sight: Sight, frame: Size & Point, stage: Size, cut: Cut, to: Mark): Sight {
  const corners = [
    inFrame(frame, cut, { x: to.left, y: to.top }),
    inFrame(frame, cut, { x: to.left + to.width, y: to.top + to.height }),
  ];
  const inSight = ({ x, y }: Point) =>
    x + frame.x >= 0 && x + frame.x <= stage.width && y + frame.y >= 0 && y + frame.y <= stage.height;
  if (corners.every(inSight)) return sight;
  const [one = { x: 0, y: 0 }, other = one] = corners;
  return {
    ...sight,
    x: stage.width / 2 - (one.x + other.x) / 2,
    y: stage.height / 2 - (one.y + other.y) / 2,
  };
}

/** A place on the page, in shares of it, as pixels from the corner of the frame it is cut for. */
function inFrame(frame: Size, cut: Cut, { x, y }: Point): Point {
  const { whole } = lay(frame, cut);
  const across = x * whole.width + whole.x;
  const down = y * whole.height + whole.y;
  const turned = [
    { x: across, y: down },
    { x: frame.width - down, y: across },
    { x: frame.width - across, y: frame.height - down },
    { x: down, y: frame.height - across },
  ];
  return turned[cut.quarters] ?? { x: across, y: down };
}
