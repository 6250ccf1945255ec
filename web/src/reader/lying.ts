/**
 * How a page lies in its frame when its margins are cut off and the reader has turned it. Pure.
 *
 * The order is: the page as the server draws it, cut to a box, then turned by quarters, clockwise.
 */
import type { Point, Size } from "./gestures";
import { WHOLE_PAGE, type Box } from "./ladder";

export type Quarters = 0 | 1 | 2 | 3;

/** How one page is shown on this device. */
export interface Cut {
  box: Box;
  quarters: Quarters;
}

export const UNCUT: Cut = { box: WHOLE_PAGE, quarters: 0 };

/** Air left around what is printed, as a share of the page. */
const AIR = 0.015;
/** A page printed wider than this share of it is printed to its edges, as a scan may be. */
const FULL = 0.96;

/** The size of what is shown of a page. */
export function shownSize(page: Size, { box, quarters }: Cut): Size {
  const across = page.width * width(box);
  const down = page.height * (box.bottom - box.top);
  return quarters % 2 ? { width: down, height: across } : { width: across, height: down };
}

/** Where the turned part and, in it, the whole page lie in a frame of this size (px). */
export function lay(
  frame: Size,
  { box, quarters }: Cut,
): { part: Size; transform: string; whole: Size & Point } {
  const part = quarters % 2 ? { width: frame.height, height: frame.width } : frame;
  const whole = {
    width: part.width / width(box),
    height: part.height / (box.bottom - box.top),
  };
  const right = quarters === 1 || quarters === 2 ? frame.width : 0;
  const down = quarters === 2 || quarters === 3 ? frame.height : 0;
  const by = `translate(${String(right)}px, ${String(down)}px)`;
  return {
    part: { width: part.width, height: part.height },
    transform: quarters ? `${by} rotate(${String(90 * quarters)}deg)` : "none",
    whole: { ...whole, x: -box.left * whole.width, y: -box.top * whole.height },
  };
}

/** The part of the page that is in sight on a stage, of a frame that lies there (px). */
export function seenOf(frame: Size & Point, stage: Size, { box, quarters }: Cut): Box {
  const share = (at: number, length: number) => Math.min(1, Math.max(0, at / length));
  const left = share(-frame.x, frame.width);
  const right = share(stage.width - frame.x, frame.width);
  const top = share(-frame.y, frame.height);
  const bottom = share(stage.height - frame.y, frame.height);
  const turned: Box[] = [
    { left, top, right, bottom },
    { left: top, top: 1 - right, right: bottom, bottom: 1 - left },
    { left: 1 - right, top: 1 - bottom, right: 1 - left, bottom: 1 - top },
    { left: 1 - bottom, top: left, right: 1 - top, bottom: right },
  ];
  const part = turned[quarters] ?? WHOLE_PAGE;
  const across = width(box);
  const down = box.bottom - box.top;
  return {
    left: box.left + part.left * across,
    top: box.top + part.top * down,
    right: box.left + part.right * across,
    bottom: box.top + part.bottom * down,
  };
}

/**
 * What is left of a page when its margins are cut, the same for all pages of a paper so that they
 * do not jump. Nothing printed is ever cut: a page that reaches further keeps more.
 *
 * `own`: where there is anything on each page, null where that is not known (yet).
 */
export function trimmed(own: readonly (Box | null)[], page: number): Box {
  const here = own[page - 1];
  if (!here) return WHOLE_PAGE;
  const found = [...own.filter((box) => box !== null && width(box) <= FULL), here];
  const printed = found.filter((box): box is Box => box !== null && width(box) > 0);
  if (!printed.length) return WHOLE_PAGE;
  const sides = (side: keyof Box) => printed.map((box) => box[side]);
  const box = {
    left: Math.max(0, Math.min(...sides("left")) - AIR),
    top: Math.max(0, Math.min(...sides("top")) - AIR),
    right: Math.min(1, Math.max(...sides("right")) + AIR),
    bottom: Math.min(1, Math.max(...sides("bottom")) + AIR),
  };
  return width(box) > FULL && box.bottom - box.top > FULL ? WHOLE_PAGE : box;
}

function width(box: Box): number {
  return box.right - box.left;
}
