/**
 * Fingers, mouse and wheel as numbers: how a page lies on its stage, and what a movement meant.
 * Pure; all lengths are CSS pixels.
 */
import { keyOf, type PageOf } from "./page_queue";

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** How the page is looked at: its scale over the fitted size, and where its corner lies. */
export interface Sight extends Point {
  scale: number;
}

/** Eight times: what is printed on a large drawing is legible on a phone. */
export const MOST = 8;
export const DOUBLE_TAP_SCALE = 2;
/** Factor of one press of + or −. */
export const STEP = 1.5;

const SWIPE_LENGTH = 48;
const SWIPE_MS = 700;
const TAP_LENGTH = 12;
const DOUBLE_TAP_MS = 320;
const DOUBLE_TAP_LENGTH = 40;

export const WHOLE: Sight = { scale: 1, x: 0, y: 0 };

/** The size at scale 1: as large as the stage allows. */
export function fit(page: Size, stage: Size): Size {
  const factor = Math.min(stage.width / page.width, stage.height / page.height);
  return { width: page.width * factor, height: page.height * factor };
}

/** The sight brought back: no edge shows where there is page, and small pages lie centred. */
export function settle(sight: Sight, fitted: Size, stage: Size): Sight {
  const scale = Math.min(Math.max(sight.scale, 1), MOST);
  return {
    scale,
    x: settleAxis(sight.x, fitted.width * scale, stage.width),
    y: settleAxis(sight.y, fitted.height * scale, stage.height),
  };
}

/** Zoom by a factor; what lies under `point` stays there. */
export function zoom(sight: Sight, factor: number, point: Point): Sight {
  const scale = Math.min(Math.max(sight.scale * factor, 1), MOST);
  const grown = scale / sight.scale;
  return {
    scale,
    x: point.x - (point.x - sight.x) * grown,
    y: point.y - (point.y - sight.y) * grown,
  };
}

export function move(sight: Sight, by: Point): Sight {
  return { ...sight, x: sight.x + by.x, y: sight.y + by.y };
}

type Lying = PageOf & { document: string };

/**
 * The same zoom, from the top of what is painted now unless it is the page painted before. Another
 * paper, which may be of quite another size, is shown whole.
 */
export function arrived(sight: Sight, before: Lying | null, now: Lying): Sight {
  if (before && before.document !== now.document) return WHOLE;
  return before && keyOf(before) === keyOf(now) ? sight : { ...sight, y: 0 };
}

/** What a finished movement of one finger asks for. */
export function swipe(by: Point, ms: number, scale: number): "next" | "previous" | null {
  if (scale > 1 || ms > SWIPE_MS) return null;
  if (Math.abs(by.x) < SWIPE_LENGTH || Math.abs(by.x) < 1.5 * Math.abs(by.y)) return null;
  return by.x < 0 ? "next" : "previous";
}

export interface Tap extends Point {
  at: number;
}

export function isTap(by: Point): boolean {
  return Math.hypot(by.x, by.y) < TAP_LENGTH;
}

export function isDoubleTap(first: Tap | null, second: Tap): boolean {
  if (!first || second.at - first.at > DOUBLE_TAP_MS) return false;
  return Math.hypot(second.x - first.x, second.y - first.y) < DOUBLE_TAP_LENGTH;
}

/** The middle between two fingers, and how far they are apart. */
export function pinch(a: Point, b: Point): Point & { spread: number } {
  return {
    x: (a.x + b.x) / 2,
    y: (a.y + b.y) / 2,
    spread: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)),
  };
}

function settleAxis(at: number, length: number, room: number): number {
  if (length <= room) return (room - length) / 2;
  return Math.min(0, Math.max(room - length, at));
}
