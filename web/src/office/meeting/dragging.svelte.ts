/**
 * Dragging a row of a list to another place by its handle, with mouse or finger; the arrow keys do
 * the same. While it lasts nothing moves: a line shows the gap it would go to.
 */
import type { Attachment } from "svelte/attachments";

import { dropped, gapAt, same, shifted } from "./order";

/** So near to the edge (px) of what scrolls, it scrolls. */
const EDGE = 72;
const STEP = 14;

/** Where a row stands in its list; the first is 0. */
export interface Place {
  dragging: Dragging;
  id: string;
  at: number;
  last: boolean;
}

export class Dragging {
  /** What is being dragged, and the gap it is over; none and -1 otherwise. */
  id = $state("");
  gap = $state(-1);
  readonly #list: () => readonly string[];
  readonly #moved: (order: string[]) => void;

  constructor(list: () => readonly string[], moved: (order: string[]) => void) {
    this.#list = list;
    this.#moved = moved;
  }

  by(id: string, by: number): void {
    this.#to(shifted(this.#list(), id, by));
  }

  /** The classes of the row at this place. */
  row(id: string, place: number): Record<string, boolean> {
    const last = place === this.#list().length - 1;
    return {
      dragged: this.id === id,
      "gap-above": this.gap === place,
      "gap-below": last && this.gap === place + 1,
    };
  }

  /** The handle lies somewhere in its row; rows are the children of one list. */
  handle(id: string): Attachment<HTMLElement> {
    return (handle) => {
      const down = (event: PointerEvent): void => {
        if (event.button) return;
        event.preventDefault();
        handle.focus();
        this.#follow(id, handle);
      };
      const pressed = (event: KeyboardEvent): void => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!by) return;
        event.preventDefault();
        this.by(id, by);
      };
      handle.addEventListener("pointerdown", down);
      handle.addEventListener("keydown", pressed);
      return () => {
        handle.removeEventListener("pointerdown", down);
        handle.removeEventListener("keydown", pressed);
      };
    };
  }

  #follow(id: string, handle: HTMLElement): void {
    const row = handle.closest("li, tr");
    const list = row?.parentElement;
    if (!row || !list) return;
    const ends = new AbortController();
    const { signal } = ends;
    const scroller = handle.closest(".scroll");
    let y = row.getBoundingClientRect().top;
    let frame = 0;
    const look = (): void => {
      const rows = [...list.children].map((child) => child.getBoundingClientRect());
      this.gap = gapAt(rows, y);
    };
    const scroll = (): void => {
      const box = scroller?.getBoundingClientRect();
      if (box) {
        const by = y < box.top + EDGE ? -STEP : y > box.bottom - EDGE ? STEP : 0;
        if (by) scroller?.scrollBy(0, by);
        if (by) look();
      }
      frame = requestAnimationFrame(scroll);
    };
    const end = (keep: boolean): void => {
      const order = dropped(this.#list(), id, this.gap);
      ends.abort();
      cancelAnimationFrame(frame);
      const went = keep && this.gap >= 0;
      this.id = "";
      this.gap = -1;
      if (went) this.#to(order);
    };
    const moved = (event: PointerEvent): void => {
      if (!this.id) {
        this.id = id;
        frame = requestAnimationFrame(scroll);
      }
      y = event.clientY;
      look();
    };
    window.addEventListener("pointermove", moved, { signal });
    window.addEventListener("pointerup", () => end(true), { signal });
    window.addEventListener("pointercancel", () => end(false), { signal });
    window.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Escape") end(false);
      },
      { signal },
    );
  }

  #to(order: string[]): void {
    if (!same(order, this.#list())) this.#moved(order);
  }
}
