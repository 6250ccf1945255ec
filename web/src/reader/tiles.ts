/**
 * The sharper images that lie over the page on screen. What lay there stays until all that is in
 * sight has come; what is not in sight any more is given up. Holds a bounded number of images.
 */
import type { Piece } from "./ladder";
import { keyOf, type PageOf } from "./page_queue";

/** An image that came, and where on the page it lies. */
export interface Held {
  piece: Piece;
  image: HTMLCanvasElement;
}

type Load = (of: PageOf, piece: Piece, signal: AbortSignal) => Promise<HTMLCanvasElement>;

/** So many are on their way at the same time: a page turn must not stand in line behind them. */
const AT_ONCE = 3;
/** No more are held than are in sight, or so many with those that just went out (2.5 MB each). */
export const HELD_MOST = 24;
/** One that did not come is not asked for again for so long (ms). */
const AFTER_LOSS = 4000;

export class Tiles {
  readonly #load: Load;
  readonly #changed: (held: readonly Held[], sharp: boolean) => void;
  readonly #held = new Map<string, Held>();
  readonly #loading = new Map<string, AbortController>();
  readonly #lost = new Map<string, number>();
  #of: PageOf | null = null;
  #wanted: readonly Piece[] = [];

  constructor(load: Load, changed: (held: readonly Held[], sharp: boolean) => void) {
    this.#load = load;
    this.#changed = changed;
  }

  /** These pieces of this page are in sight now; none where the page is sharp without. */
  want(of: PageOf | null, pieces: readonly Piece[]): void {
    const another = !of || !this.#of || keyOf(of) !== keyOf(this.#of);
    if (another) {
      this.pause();
      this.#held.clear();
      this.#lost.clear();
    }
    this.#of = of;
    this.#wanted = pieces;
    const names = new Set(pieces.map(nameOf));
    for (const [name, ends] of this.#loading) {
      if (names.has(name)) continue;
      ends.abort();
      this.#loading.delete(name);
    }
    this.#settle();
  }

  /** Nothing more is fetched until something is wanted anew; what lies there stays. */
  pause(): void {
    this.#wanted = [];
    for (const ends of this.#loading.values()) ends.abort();
    this.#loading.clear();
  }

  #settle(): void {
    const names = new Set(this.#wanted.map(nameOf));
    const sharp = [...names].every((name) => this.#held.has(name));
    const level = this.#wanted[0]?.width;
    for (const [name, { piece }] of [...this.#held]) {
      if (names.has(name)) continue;
      const covered = sharp && piece.width !== level;
      if (covered || this.#held.size > HELD_MOST) this.#held.delete(name);
    }
    this.#goOn();
    this.#changed([...this.#held.values()], sharp);
  }

  #goOn(): void {
    for (const piece of this.#wanted) {
      if (this.#loading.size >= AT_ONCE) return;
      const name = nameOf(piece);
      const lost = Date.now() - (this.#lost.get(name) ?? 0) < AFTER_LOSS;
      if (!this.#held.has(name) && !this.#loading.has(name) && !lost) this.#fetch(name, piece);
    }
  }

  #fetch(name: string, piece: Piece): void {
    if (!this.#of) return;
    const ends = new AbortController();
    this.#loading.set(name, ends);
    this.#load(this.#of, piece, ends.signal).then(
      (image) => {
        if (ends.signal.aborted) return;
        this.#loading.delete(name);
        this.#held.set(name, { piece, image });
        this.#settle();
      },
      () => {
        if (ends.signal.aborted) return;
        this.#loading.delete(name);
        this.#lost.set(name, Date.now());
        setTimeout(() => {
          this.#goOn();
        }, AFTER_LOSS);
        this.#goOn();
      },
    );
  }
}

/** Pieces of one page by name. */
export function nameOf({ width, tile }: Piece): string {
  return `${String(width)}-${String(tile)}`;
}
