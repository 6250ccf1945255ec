/**
 * The page images of one seat: fetched ahead, held in memory only, dropped when no longer
 * wanted. Nothing is written to the device by this file.
 */
import { pageUrl, refusal, Refused } from "../api";
import { keyOf, type PageOf } from "./page_queue";

/** Pixels of a page on the stage. Thumbnails are ordinary images of width 320. */
const PAGE_WIDTH = 1600;
export const THUMBNAIL_WIDTH = 320;

/** The code of a page for which no answer came. */
export const OFFLINE = "offline";

const AT_ONCE = 2;
/** The server waits up to 20 s for a page that is being made; longer (ms) is a dead connection. */
const PATIENCE = 25_000;
/** Between two pages that nobody needs yet (ms), a little random so that tablets spread out. */
const PACE = 250;
/** After a page was lost, fetching ahead rests so long (ms). */
const AFTER_LOSS = 5000;

interface Entry {
  readonly ends: AbortController;
  readonly image: Promise<HTMLImageElement>;
  /** Lost: no answer came, so it is worth asking again. Refused: the server said why not. */
  state: "fetching" | "held" | "lost" | "refused";
}

export class Pages {
  readonly #seat: string;
  readonly #entries = new Map<string, Entry>();
  #order: PageOf[] = [];
  #urgent = 0;
  #pace = 0;

  constructor(seat: string) {
    this.#seat = seat;
  }

  /** The decoded image of a page, now. Rejects with `Refused`; asking again tries again. */
  get(of: PageOf): Promise<HTMLImageElement> {
    const entry = this.#entries.get(keyOf(of));
    if (entry?.state === "fetching" || entry?.state === "held") return entry.image;
    return this.#fetch(of).image;
  }

  /**
   * Hold these pages and no others; fetch what is missing or was lost, in this order, the
   * first `urgent` at once.
   */
  want(order: PageOf[], urgent: number): void {
    this.#order = order;
    this.#urgent = urgent;
    const wanted = new Set(order.map(keyOf));
    for (const [key, entry] of this.#entries) {
      if (!wanted.has(key) || entry.state === "lost") this.#drop(key, entry);
    }
    this.#pump();
  }

  /** Forget everything: the device leaves the meeting. */
  wipe(): void {
    window.clearTimeout(this.#pace);
    this.#order = [];
    for (const [key, entry] of this.#entries) this.#drop(key, entry);
  }

  #pump(): void {
    window.clearTimeout(this.#pace);
    const index = this.#order.findIndex((of) => !this.#entries.has(keyOf(of)));
    const of = this.#order[index];
    if (!of) return;
    const fetching = [...this.#entries.values()].filter(({ state }) => state === "fetching").length;
    const urgent = index < this.#urgent;
    if (fetching >= (urgent ? AT_ONCE : 1)) return;
    if (urgent) {
      this.#fetch(of);
      this.#pump();
    } else {
      const pause = PACE * (1 + Math.random());
      this.#pace = window.setTimeout(() => {
        if (!this.#entries.has(keyOf(of))) this.#fetch(of);
      }, pause);
    }
  }

  #later(ms: number): void {
    window.clearTimeout(this.#pace);
    this.#pace = window.setTimeout(() => {
      this.#pump();
    }, ms);
  }

  #fetch(of: PageOf): Entry {
    const ends = new AbortController();
    const entry: Entry = { ends, image: this.#load(of, ends.signal), state: "fetching" };
    const timer = window.setTimeout(() => {
      ends.abort();
    }, PATIENCE);
    this.#entries.set(keyOf(of), entry);
    const done = (state: Entry["state"]) => {
      window.clearTimeout(timer);
      entry.state = state;
      if (this.#entries.get(keyOf(of)) !== entry) return;
      if (state === "lost") this.#later(AFTER_LOSS);
      else this.#pump();
    };
    entry.image.then(
      () => {
        done("held");
      },
      (error: unknown) => {
        done(error instanceof Refused && error.code !== OFFLINE ? "refused" : "lost");
      },
    );
    return entry;
  }

  async #load({ address, page }: PageOf, signal: AbortSignal): Promise<HTMLImageElement> {
    let url = "";
    try {
      const response = await fetch(pageUrl(this.#seat, address, page, PAGE_WIDTH), {
        credentials: "same-origin",
        signal,
      });
      if (!response.ok) throw await refusal(response);
      url = URL.createObjectURL(await response.blob());
      const image = new Image();
      image.draggable = false;
      image.src = url;
      await image.decode();
      return image;
    } catch (error) {
      throw error instanceof Refused ? error : new Refused(OFFLINE);
    } finally {
      // A loaded image holds its own bytes.
      URL.revokeObjectURL(url);
    }
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    entry.ends.abort();
  }
}
