/**
 * How wide a page is fetched, and which pieces of it are in sight. Pure.
 *
 * A page comes whole in the step that fits this screen; what is looked at closely comes in pieces
 * of one size, so that no image is larger than a tablet takes. Widths are pixels of images.
 */
import type { Size } from "./gestures";

/** Whole pages come so wide; the first is the thumbnail. As the server has them. */
export const STEPS = [320, 800, 1200, 1600, 2400] as const;
export const THUMBNAIL_WIDTH = STEPS[0];
/** What is looked at closely comes so wide, in pieces of `TILE` by `TILE`. */
export const TILED = [2400, 3200, 4800, 6400, 9600] as const;
export const TILE = 800;
/** No single image has more pixels: tablets take no more, and the server makes none. */
export const PIXELS_MOST = 5_000_000;
/** An image may be drawn so much larger than it is: nobody sees it, and less is fetched. */
const STRETCH = 1.05;

/** A part of a page, as shares of its width and height. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const WHOLE_PAGE: Box = { left: 0, top: 0, right: 1, bottom: 1 };

/** An image to be fetched, and the part of the page that is on it. Tile 0 is the whole page. */
export interface Piece extends Box {
  width: number;
  tile: number;
}

/** The step to fetch pages in that lie `needed` pixels wide when whole. `ratio`: height to width. */
export function stepFor(needed: number, ratio: number): number {
  const steps = STEPS.filter((width) => width > THUMBNAIL_WIDTH && width * width * ratio <= PIXELS_MOST);
  return steps.find((width) => width * STRETCH >= needed) ?? steps[steps.length - 1] ?? STEPS[1];
}

/**
 * What makes the part in sight sharp, the middle first; nothing where it is sharp already.
 *
 * `needed`: how many pixels of the screen the whole page is wide; `page`: the image that is there.
 */
export function sharper(needed: number, page: Size, seen: Box): Piece[] {
  if (needed <= page.width * STRETCH) return [];
  const ratio = page.height / page.width;
  const whole = stepFor(needed, ratio);
  if (whole * STRETCH >= needed) return [{ ...WHOLE_PAGE, width: whole, tile: 0 }];
  const widest = TILED[TILED.length - 1] ?? 0;
  const width = TILED.find((one) => one * STRETCH >= needed) ?? widest;
  return width > page.width * STRETCH ? pieces(width, ratio, seen) : [];
}

/** The pieces of a page so wide that lie in this part of it, the middle first. */
export function pieces(width: number, ratio: number, seen: Box): Piece[] {
  const height = Math.max(1, Math.round(width * ratio));
  const columns = Math.ceil(width / TILE);
  const rows = Math.ceil(height / TILE);
  const found: Piece[] = [];
  for (let row = first(seen.top * height); row < Math.min(rows, seen.bottom * height / TILE); row += 1) {
    for (let column = first(seen.left * width); column < Math.min(columns, seen.right * width / TILE); column += 1) {
      found.push({
        width,
        tile: row * columns + column + 1,
        left: column * TILE / width,
        top: row * TILE / height,
        right: Math.min(1, (column + 1) * TILE / width),
        bottom: Math.min(1, (row + 1) * TILE / height),
      });
    }
  }
  const apart = (one: number, other: number) => Math.round(1000 * Math.abs(one - other));
  const far = (piece: Piece) =>
    apart(piece.left + piece.right, seen.left + seen.right) +
    apart(piece.top + piece.bottom, seen.top + seen.bottom) * ratio;
  return found.sort((one, other) => far(one) - far(other));
}

function first(at: number): number {
  return Math.max(0, Math.floor(at / TILE));
}
