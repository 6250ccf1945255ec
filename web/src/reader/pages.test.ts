import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused } from "../api";
import { order } from "./page_queue";
import { Pages } from "./pages";
import { Shelf } from "./shelf";

const PAPER = { address: "a", pages: 9 };
const READABLE = new Set(["a"]);
const SIZE = 100;

interface Asked {
  signal: AbortSignal;
  headers: Record<string, string>;
}

/** The network and the images of a browser, as far as pages go; nothing answers by itself. */
class World {
  readonly asked: { url: string; query: string; signal: AbortSignal; ahead: boolean }[] = [];
  readonly decoded: string[] = [];
  #answers: ((response: Response) => void)[] = [];

  constructor() {
    const { asked } = this;
    const decoded = this.decoded;
    let urls = 0;
    vi.stubGlobal("window", globalThis);
    vi.stubGlobal("fetch", (url: string, { signal, headers }: Asked) => {
      const page = Number(/\/(\d+)\?/.exec(url)?.[1]);
      const query = url.slice(url.indexOf("?"));
      asked.push({ url: String(page), query, signal, ahead: "X-Ahead" in headers });
      return new Promise((resolve, reject) => {
        this.#answers.push(resolve);
        signal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
      });
    });
    vi.stubGlobal(
      "Image",
      class {
        src = "";
        draggable = true;
        decode() {
          decoded.push(this.src);
          return Promise.resolve();
        }
      },
    );
    vi.stubGlobal("createImageBitmap", ({ size }: Blob) =>
      Promise.resolve({ width: size, height: 1, close: () => undefined }),
    );
    vi.stubGlobal("document", {
      createElement: () => ({ getContext: () => ({ drawImage: () => undefined }) }),
    });
    vi.spyOn(URL, "createObjectURL").mockImplementation(() => `blob:${String((urls += 1))}`);
    vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => undefined);
  }

  /** What was asked for, ahead marked by a "+", given up in brackets. */
  get log(): string {
    return this.asked
      .map(({ url, ahead, signal }) => {
        const name = ahead ? `+${url}` : url;
        return signal.aborted ? `(${name})` : name;
      })
      .join(" ");
  }

  get queries(): string[] {
    return this.asked.map(({ query }) => query);
  }

  /** How many were asked for in each width. */
  get widths(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { query } of this.asked) {
      const width = /w=(\d+)/.exec(query)?.[1] ?? "";
      counts[width] = (counts[width] ?? 0) + 1;
    }
    return counts;
  }

  /** The newest request is answered. */
  async answers(status = 200, code = ""): Promise<void> {
    const body = status === 200 ? new ArrayBuffer(SIZE) : JSON.stringify({ code, data: {} });
    this.#answers.pop()?.(new Response(body, { status, headers: { "Content-Type": "image/png" } }));
    await vi.advanceTimersByTimeAsync(0);
  }

  /** All that is fetched ahead, one after the other, until nothing more is asked for. */
  async fetchesAll(): Promise<void> {
    for (let before = -1; before !== this.asked.length; ) {
      before = this.asked.length;
      await vi.advanceTimersByTimeAsync(1000);
      await this.answers();
    }
  }
}

let world: World;

beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function reading(page: number, live = true, shelf?: Shelf): Pages {
  const pages = new Pages("seat", () => undefined, shelf);
  pages.want(order({ ...PAPER, page }, null, []), READABLE, live);
  return pages;
}

test("pages are fetched ahead one by one in the order of need, none of them twice", async () => {
  reading(4);
  await vi.advanceTimersByTimeAsync(10_000);
  const alone = world.log;
  await world.answers();
  await world.fetchesAll();

  expect([alone, world.log]).toEqual(["+4", "+4 +5 +6 +7 +3 +8 +9 +2 +1"]);
});

test("the page on screen is asked for at once, unmarked, and overtakes what waits in line", async () => {
  const pages = reading(4);
  await vi.advanceTimersByTimeAsync(1000);
  const got = pages.get({ ...PAPER, page: 4 });
  const other = pages.get({ ...PAPER, page: 9 });
  await world.answers();
  await world.answers();

  expect([(await got).src, (await other).src]).toEqual(["blob:2", "blob:1"]);
  expect(world.log).toBe("(+4) 4 9");
});

test("a page that has come ahead is not asked for again, and those near are decoded already", async () => {
  const pages = reading(4);
  await world.fetchesAll();
  const before = world.decoded.length;
  await pages.get({ ...PAPER, page: 5 });

  expect([before, world.decoded.length]).toEqual([5, 5]);
  expect(world.log.split(" ").filter((name) => name.endsWith("5"))).toEqual(["+5"]);
});

test("while a page comes on screen and is painted, nothing else is decoded or fetched", async () => {
  const pages = reading(4);
  const got = pages.get({ ...PAPER, page: 4 });
  await vi.advanceTimersByTimeAsync(10_000);
  const waiting = world.log;
  await world.answers();
  await got;
  await vi.advanceTimersByTimeAsync(299);
  const painting = world.log;
  await vi.advanceTimersByTimeAsync(700);

  expect([waiting, painting, world.log]).toEqual(["4", "4", "4 +5"]);
});

test("what did not come is tried again after a rest, what was refused is not", async () => {
  reading(8);
  await vi.advanceTimersByTimeAsync(1000);
  await world.answers(503, "server_busy");
  await vi.advanceTimersByTimeAsync(4000);
  const resting = world.log;
  await vi.advanceTimersByTimeAsync(2000);
  await world.answers(404, "page_failed");
  await vi.advanceTimersByTimeAsync(1000);

  expect([resting, world.log]).toEqual(["+8", "+8 +8 +9"]);
});

test("a page that was refused ahead is asked for once more when somebody wants to see it", async () => {
  const pages = reading(8);
  await vi.advanceTimersByTimeAsync(1000);
  await world.answers(404, "page_failed");
  const got = pages.get({ ...PAPER, page: 8 }).catch((error: unknown) => error);
  await world.answers(404, "page_failed");

  expect(await got).toEqual(new Refused("page_failed"));
  expect(world.log).toBe("+8 8");
});

test("without the server nothing is fetched ahead; when it is back, at once", async () => {
  const pages = reading(4, false);
  await vi.advanceTimersByTimeAsync(60_000);
  const away = world.log;
  pages.want(order({ ...PAPER, page: 4 }, null, []), READABLE, true);
  await vi.advanceTimersByTimeAsync(1000);

  expect([away, world.log]).toEqual(["", "+4"]);
});

test("no more is fetched ahead than there is room for", async () => {
  const shelf = new Shelf(4 * SIZE);
  reading(4, true, shelf);
  await world.fetchesAll();

  expect([world.log, shelf.bytes]).toEqual(["+4 +5 +6 +7", 4 * SIZE]);
});

test("pages come in the width of this screen; a wider screen fetches them anew, a narrower none", async () => {
  const pages = reading(8);
  await world.fetchesAll();
  const first = world.widths;
  const wanted = order({ ...PAPER, page: 8 }, null, []);
  pages.want(wanted, READABLE, true, 800);
  await world.fetchesAll();
  const narrower = world.widths;
  pages.want(wanted, READABLE, true, 2400);
  await world.fetchesAll();

  expect([first, narrower, world.widths]).toEqual([
    { 1600: 9 },
    { 1600: 9 },
    { 1600: 9, 2400: 9 },
  ]);
});

test("a piece of a page is asked for as such, and given up with its signal", async () => {
  const pages = reading(8, false);
  const ends = new AbortController();
  const piece = { left: 0, top: 0, right: 1, bottom: 1, width: 4800, tile: 7 };
  const came = pages.piece({ ...PAPER, page: 8 }, piece, ends.signal);
  await world.answers();
  const left = pages.piece({ ...PAPER, page: 8 }, piece, ends.signal).catch((e: unknown) => e);
  ends.abort();

  expect([(await came).width, await left]).toEqual([SIZE, new Refused("offline")]);
  expect([world.log, world.queries]).toEqual(["(8) (8)", ["?w=4800&t=7", "?w=4800&t=7"]]);
});

test("when the right to a paper ends, it is gone, on the way and on the shelf", async () => {
  const shelf = new Shelf();
  const pages = reading(4, true, shelf);
  await vi.advanceTimersByTimeAsync(1000);
  await world.answers();
  await vi.advanceTimersByTimeAsync(1000);
  pages.want({ pages: [], near: 0 }, new Set(), true);
  await vi.advanceTimersByTimeAsync(60_000);

  expect([world.log, shelf.bytes]).toEqual(["+4 (+5)", 0]);
});

test("wiped is wiped: what was under way comes to nothing", async () => {
  const shelf = new Shelf();
  const pages = reading(4, true, shelf);
  await vi.advanceTimersByTimeAsync(1000);
  pages.wipe();
  await world.answers();
  await vi.advanceTimersByTimeAsync(60_000);

  expect([world.log, shelf.bytes]).toEqual(["(+4)", 0]);
});
