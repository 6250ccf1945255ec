/**
 * Page images as they came over the wire, held in memory up to a total of bytes. What is wanted
 * soonest stays, what is not wanted goes first. Pure.
 */
import { keyOf, type PageOf } from "./page_queue";

/** So many bytes of page images are held at most. */
export const SHELF_BYTES = 60_000_000;

/** `width`: the step it was asked for in. */
export interface Stored {
  bytes: ArrayBuffer;
  type: string;
  width: number;
}

export class Shelf {
  readonly #limit: number;
  readonly #stored = new Map<string, Stored & { of: PageOf }>();
  #rank = new Map<string, number>();
  #bytes = 0;

  constructor(limit = SHELF_BYTES) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The pages that are here, in no order. */
  get pages(): PageOf[] {
    return [...this.#stored.values()].map(({ of }) => of);
  }

  /** Whether it is here, at least so wide. */
  has(key: string, width = 0): boolean {
    return (this.#stored.get(key)?.width ?? -1) >= width;
  }

  get(key: string): Stored | null {
    return this.#stored.get(key) ?? null;
  }

  put(of: PageOf, stored: Stored): void {
    this.forget(keyOf(of));
    this.#stored.set(keyOf(of), { ...stored, of });
    this.#bytes += stored.bytes.byteLength;
    const last = () => [...this.#stored.keys()].reduce((a, b) => (this.#at(b) > this.#at(a) ? b : a));
    while (this.#bytes > this.#limit && this.#stored.size > 1) this.forget(last());
  }

  /**
   * This is wanted now, in this order. Other pages stay while there is room, if they are of one of
   * these addresses; those of any other address are forgotten: the right to read them has ended.
   */
  want(order: readonly PageOf[], addresses: ReadonlySet<string>): void {
    this.#rank = new Map(order.map((of, index) => [keyOf(of), index]));
    for (const [key, { of }] of this.#stored) if (!addresses.has(of.address)) this.forget(key);
  }

  /** Whether one more page of the order would find room beside those wanted sooner. */
  hasRoomFor(of: PageOf): boolean {
    let sooner = 0;
    for (const [key, { bytes }] of this.#stored) {
      if (this.#at(key) < this.#at(keyOf(of))) sooner += bytes.byteLength;
    }
    const usual = this.#stored.size > 0 ? this.#bytes / this.#stored.size : 0;
    return sooner + usual <= this.#limit;
  }

  clear(): void {
    this.#stored.clear();
    this.#bytes = 0;
  }

  #at(key: string): number {
    return this.#rank.get(key) ?? Infinity;
  }

  forget(key: string): void {
    this.#bytes -= this.#stored.get(key)?.bytes.byteLength ?? 0;
    this.#stored.delete(key);
  }
}
