/**
 * The page images of one seat: fetched ahead one by one, held in memory only, the nearest ones
 * decoded. What is on screen is never kept waiting by what is not. Nothing is written to the
 * device by this file.
 */
import { pageUrl, refusal, Refused } from "../api";
import type { Piece } from "./ladder";
import { keyOf, NOTHING, type Order, type PageOf } from "./page_queue";
import { Shelf, type Stored } from "./shelf";

/** Pages are fetched so wide until the stage says how large it is: the server has made these. */
export const PAGE_WIDTH = 1600;

/** The code of a page for which no answer came. */
export const OFFLINE = "offline";

/** The server waits up to 20 s for a page that is being made; longer (ms) is a dead connection. */
const PATIENCE = 25_000;
/** Ahead, one also stands in line with all the other tablets (ms). */
const AHEAD_PATIENCE = 120_000;
/** Before a page that may be on screen next, at random within this (ms): tablets spread out. */
const SPREAD = 300;
/** Before a page that nobody needs yet (ms), up to twice as long. */
const PACE = 250;
/** After a page did not come, fetching ahead rests so long (ms). */
const AFTER_LOSS = 5000;
/** After a page came on screen, all else rests so long (ms): it is being painted. */
const AFTER_TURN = 300;
/** The server's codes for a page that is only late. */
export const BEING_MADE: readonly string[] = ["page_timeout", "server_busy"];

interface Fetching {
  readonly stored: Promise<Stored>;
  readonly ends: AbortController;
  /** Still in line behind the server's gate, so not worth waiting for once it is on screen. */
  waits: boolean;
}

export class Pages {
  readonly #seat: string;
  readonly #changed: (held: PageOf[]) => void;
  readonly #shelf: Shelf;
  readonly #decoded = new Map<string, Promise<HTMLImageElement>>();
  readonly #fetching = new Map<string, Fetching>();
  readonly #refused = new Set<string>();
  #order = NOTHING;
  #width = PAGE_WIDTH;
  #live = false;
  /** How many are asked for by a screen right now. */
  #asked = 0;
  #ahead: string | null = null;
  #timer = 0;

  constructor(seat: string, changed: (held: PageOf[]) => void, shelf = new Shelf()) {
    this.#seat = seat;
    this.#changed = changed;
    this.#shelf = shelf;
  }

  /** The decoded image of a page, now. Rejects with `Refused`; asking again tries again. */
  async get(of: PageOf): Promise<HTMLImageElement> {
    this.#asked += 1;
    this.#rest(0);
    try {
      const stored = this.#shelf.get(keyOf(of)) ?? (await this.#onScreen(of));
      return await this.#decode(keyOf(of), stored);
    } finally {
      this.#asked -= 1;
      this.#rest(AFTER_TURN);
    }
  }

  /**
   * Hold these pages before all others, and none of a paper that is not at one of these addresses;
   * fetch ahead what is missing or narrower than `width`, while the server is there (`live`).
   */
  want(
    order: Order,
    addresses: ReadonlySet<string>,
    live: boolean,
    width: number = PAGE_WIDTH,
  ): void {
    this.#order = order;
    this.#width = width;
    if (live && !this.#live) this.#rest(0);
    this.#live = live;
    this.#shelf.want(order.pages, addresses);
    const near = this.#near();
    for (const key of this.#decoded.keys()) if (!near.has(key)) this.#decoded.delete(key);
    const wanted = new Set(order.pages.map(keyOf));
    for (const key of this.#refused) if (!wanted.has(key)) this.#refused.delete(key);
    if (this.#ahead !== null && !wanted.has(this.#ahead)) this.#drop(this.#ahead);
    this.#changed(this.#shelf.pages);
    this.#goOn();
  }

  /** Forget everything: the device leaves the meeting. */
  wipe(): void {
    this.#rest(0);
    this.#order = NOTHING;
    this.#live = false;
    for (const key of this.#fetching.keys()) this.#drop(key);
    this.#decoded.clear();
    this.#shelf.clear();
    this.#changed([]);
  }

  #near(): Set<string> {
    return new Set(this.#order.pages.slice(0, this.#order.near).map(keyOf));
  }

  /** After a pause, unless one is being made: the next thing that nobody waits for. */
  #goOn(): void {
    if (this.#timer || this.#asked > 0) return;
    const next = this.#next();
    const isNear = next !== undefined && this.#order.pages.indexOf(next) < this.#order.near;
    this.#rest(1 + (isNear ? SPREAD * Math.random() : PACE * (1 + Math.random())));
  }

  /** Nothing is decoded or fetched ahead for so long (ms); 0: until somebody says go on. */
  #rest(ms: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    if (!ms) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      if (this.#asked === 0) this.#step();
    }, ms);
  }

  /** Decode one page that may be on screen next; when all are, fetch one ahead. */
  #step(): void {
    for (const key of this.#near()) {
      const stored = this.#shelf.get(key);
      if (!stored || this.#decoded.has(key)) continue;
      const again = () => {
        if (this.#asked === 0 && !this.#timer) this.#step();
      };
      this.#decode(key, stored).then(again, again);
      return;
    }
    const next = this.#next();
    if (next && this.#live && this.#ahead === null) this.#fetchAhead(next);
  }

  /** The first page of the order that is worth fetching ahead. */
  #next(): PageOf | undefined {
    const of = this.#order.pages.find((one) => {
      const key = keyOf(one);
      return !this.#shelf.has(key, this.#width) && !this.#fetching.has(key) && !this.#refused.has(key);
    });
    return of && this.#shelf.hasRoomFor(of) ? of : undefined;
  }

  #fetchAhead(of: PageOf): void {
    const key = keyOf(of);
    this.#ahead = key;
    this.#fetch(of, true).stored.then(
      () => {
        this.#cameAhead(key);
        this.#goOn();
      },
      (error: unknown) => {
        const code = error instanceof Refused ? error.code : OFFLINE;
        if (!this.#cameAhead(key)) return;
        if (code === OFFLINE || BEING_MADE.includes(code)) {
          this.#rest(AFTER_LOSS);
        } else {
          this.#refused.add(key);
          this.#goOn();
        }
      },
    );
  }

  /** Whether it was still the one fetched ahead, and not dropped or overtaken. */
  #cameAhead(key: string): boolean {
    const was = this.#ahead === key;
    if (was) this.#ahead = null;
    return was;
  }

  #onScreen(of: PageOf): Promise<Stored> {
    const key = keyOf(of);
    if (this.#fetching.get(key)?.waits) this.#drop(key);
    return (this.#fetching.get(key) ?? this.#fetch(of, false)).stored;
  }

  #fetch(of: PageOf, ahead: boolean): Fetching {
    const key = keyOf(of);
    const ends = new AbortController();
    const taken = () => {
      fetching.waits = false;
    };
    const timer = window.setTimeout(
      () => {
        ends.abort();
      },
      ahead ? AHEAD_PATIENCE : PATIENCE,
    );
    const stored = this.#load(of, this.#width, ahead, ends.signal, taken).then((come) => {
      if (!ends.signal.aborted) {
        this.#refused.delete(key);
        this.#decoded.delete(key);
        this.#shelf.put(of, come);
        this.#changed(this.#shelf.pages);
      }
      return come;
    });
    const fetching: Fetching = { stored, ends, waits: ahead };
    this.#fetching.set(key, fetching);
    const done = () => {
      window.clearTimeout(timer);
      if (this.#fetching.get(key) === fetching) this.#fetching.delete(key);
    };
    stored.then(done, done);
    return fetching;
  }

  /** A piece of a page, or the page in another width, drawn. Rejects with `Refused`. */
  async piece(of: PageOf, { width, tile }: Piece, signal: AbortSignal): Promise<HTMLCanvasElement> {
    const response = await this.#ask(of, width, tile, false, signal);
    return drawn(await response.blob().catch(lost));
  }

  async #load(
    of: PageOf,
    width: number,
    ahead: boolean,
    signal: AbortSignal,
    taken: () => void,
  ): Promise<Stored> {
    const response = await this.#ask(of, width, 0, ahead, signal);
    taken();
    const type = response.headers.get("Content-Type") ?? "";
    return { bytes: await response.arrayBuffer().catch(lost), type, width };
  }

  async #ask(
    { address, page }: PageOf,
    width: number,
    tile: number,
    ahead: boolean,
    signal: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(pageUrl(this.#seat, address, page, width, tile), {
      credentials: "same-origin",
      headers: ahead ? { "X-Ahead": "1" } : {},
      signal,
    }).catch(lost);
    if (!response.ok) throw await refusal(response).catch(lost);
    return response;
  }

  /** What was stored as an image; it stays decoded while it is near. */
  #decode(key: string, stored: Stored): Promise<HTMLImageElement> {
    const known = this.#decoded.get(key);
    if (known) return known;
    const image = decoded(new Blob([stored.bytes], { type: stored.type }));
    this.#decoded.set(key, image);
    image.catch(() => {
      this.#decoded.delete(key);
      this.#shelf.forget(key);
      this.#refused.add(key);
    });
    return image;
  }

  #drop(key: string): void {
    this.#fetching.get(key)?.ends.abort();
    this.#fetching.delete(key);
    if (this.#ahead === key) this.#ahead = null;
  }
}

/** No answer came, or not all of it. */
function lost(): never {
  throw new Refused(OFFLINE);
}

async function decoded(content: Blob): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(content);
  try {
    const image = new Image();
    image.draggable = false;
    image.src = url;
    await image.decode();
    return image;
  } catch {
    throw new Refused("page_failed");
  } finally {
    // A loaded image holds its own bytes.
    URL.revokeObjectURL(url);
  }
}

/**
 * On a canvas, whose pixels go when it is given up. Images, and bytes in the script's own memory,
 * stay until the browser tidies up: zoomed in and out a few times, that was a gigabyte.
 */
async function drawn(content: Blob): Promise<HTMLCanvasElement> {
  try {
    const bitmap = await createImageBitmap(content);
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
    bitmap.close();
    return canvas;
  } catch {
    throw new Refused("page_failed");
  }
}
