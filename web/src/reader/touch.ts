/** Pointers and wheel on the stage, turned into sights and page turns. Meanings: gestures.ts. */
import {
  DOUBLE_TAP_SCALE,
  isDoubleTap,
  isTap,
  move,
  pinch,
  swipe,
  WHOLE,
  zoom,
  type Point,
  type Sight,
  type Tap,
} from "./gestures";

/** Words that can be selected: they lie over the page. */
export const SELECTABLE = ".copies span";
/** A finger that rested so long (ms) may have selected a word. */
const RESTED_MS = 350;

interface Touched {
  sight(): Sight;
  look(next: Sight): void;
  turn(step: 1 | -1): void;
  /** When true, nothing is taken notice of. */
  asleep(): boolean;
  /** The margin (px) around the page inside the element. */
  inset: number;
}

/** A Svelte attachment: listens on the stage until it is removed. */
export function touch(on: Touched): (stage: HTMLElement) => () => void {
  return (stage) => {
    const ends = new AbortController();
    const { signal } = ends;
    const fingers = new Map<number, Point>();
    let from: Tap | null = null;
    let pinched = false;
    let lastTap: Tap | null = null;
    let selectedBefore = false;

    const place = (event: PointerEvent | WheelEvent): Point => {
      const { left, top } = stage.getBoundingClientRect();
      return { x: event.clientX - left - on.inset, y: event.clientY - top - on.inset };
    };

    const down = (event: PointerEvent) => {
      const under = event.target instanceof Element ? event.target : null;
      if (on.asleep() || under?.closest("button") || event.button !== 0) return;
      // A mouse selects the words it is drawn over; a finger turns pages, and selects by resting.
      if (event.pointerType === "mouse" && under?.closest(SELECTABLE)) return;
      selectedBefore = selects(stage);
      stage.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, place(event));
      pinched = fingers.size > 1;
      from = { ...place(event), at: event.timeStamp };
    };

    const moved = (event: PointerEvent) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = place(event);
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, now);
      if (!other && !selectedBefore && selects(stage)) return;
      if (other) {
        const old = pinch(before, other);
        const next = pinch(now, other);
        const grown = zoom(on.sight(), next.spread / old.spread, old);
        on.look(move(grown, { x: next.x - old.x, y: next.y - old.y }));
      } else if (on.sight().scale > 1) {
        on.look(move(on.sight(), { x: now.x - before.x, y: now.y - before.y }));
      }
    };

    const up = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId) || pinched || !from) return;
      const now = { ...place(event), at: event.timeStamp };
      const by = { x: now.x - from.x, y: now.y - from.y };
      const rested = now.at - from.at > RESTED_MS;
      if (rested && !selectedBefore && selects(stage)) return;
      if (isTap(by)) window.getSelection()?.removeAllRanges();
      const turn = swipe(by, now.at - from.at, on.sight().scale);
      if (turn) on.turn(turn === "next" ? 1 : -1);
      if (!isTap(by)) return;
      if (isDoubleTap(lastTap, now)) {
        lastTap = null;
        on.look(on.sight().scale > 1 ? WHOLE : zoom(on.sight(), DOUBLE_TAP_SCALE, now));
      } else lastTap = now;
    };

    const wheel = (event: WheelEvent) => {
      if (on.asleep()) return;
      event.preventDefault();
      if (event.ctrlKey) on.look(zoom(on.sight(), Math.exp(-event.deltaY / 300), place(event)));
      else on.look(move(on.sight(), { x: -event.deltaX, y: -event.deltaY }));
    };

    stage.addEventListener("pointerdown", down, { signal });
    stage.addEventListener("pointermove", moved, { signal });
    stage.addEventListener("pointerup", up, { signal });
    stage.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId), { signal });
    stage.addEventListener("wheel", wheel, { signal, passive: false });
    return () => {
      ends.abort();
    };
  };
}

/** Whether words of the page are selected. */
function selects(stage: HTMLElement): boolean {
  const selection = window.getSelection();
  return selection !== null && !selection.isCollapsed && stage.contains(selection.anchorNode);
}
