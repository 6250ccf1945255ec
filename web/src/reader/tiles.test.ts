import { beforeEach, expect, test, vi } from "vitest";
import { pieces, sharper, WHOLE_PAGE, type Piece } from "./ladder";
import { HELD_MOST, nameOf, Tiles, type Held } from "./tiles";

const PAGE = { address: "a", page: 1 };

interface Asked {
  name: string;
  signal: AbortSignal;
  come: (image: HTMLCanvasElement) => void;
  fail: (fault: Error) => void;
}

let asked: Asked[];
let held: string[];
let sharp: boolean[];
let tiles: Tiles;

beforeEach(() => {
  asked = [];
  held = [];
  sharp = [];
  tiles = new Tiles(
    (of, piece, signal) =>
      new Promise((come, fail) => {
        asked.push({ name: `${String(of.page)}: ${nameOf(piece)}`, signal, come, fail });
      }),
    (now: readonly Held[], isSharp) => {
      held = now.map(({ piece }) => nameOf(piece));
      sharp.push(isSharp);
    },
  );
});

const names = () => asked.map(({ name, signal }) => (signal.aborted ? `(${name})` : name));
const row = (width: number): Piece[] => pieces(width, 1, { ...WHOLE_PAGE, bottom: 0.01 });

async function comes(...numbers: number[]): Promise<void> {
  for (const number of numbers) asked[number]?.come({} as HTMLCanvasElement);
  await new Promise((done) => setTimeout(done, 0));
}

test("a few are fetched at a time, the middle first, each once", async () => {
  tiles.want(PAGE, row(4800));
  const first = names();
  await comes(0);
  tiles.want(PAGE, row(4800));

  expect(first).toEqual(["1: 4800-3", "1: 4800-4", "1: 4800-2"]);
  expect(names()).toEqual([...first, "1: 4800-5"]);
});

test("what is not in sight any more is given up", async () => {
  tiles.want(PAGE, row(2400));
  tiles.want(PAGE, row(2400).slice(0, 1));
  await comes(1, 2);

  expect([names(), held]).toEqual([["1: 2400-2", "(1: 2400-1)", "(1: 2400-3)"], []]);
});

test("what lies there stays until all that is in sight has come sharper", async () => {
  tiles.want(PAGE, row(2400));
  await comes(0, 1, 2);
  tiles.want(PAGE, row(4800).slice(0, 2));
  const before = held;
  await comes(3);
  const half = held;
  await comes(4);

  expect(before).toEqual(["2400-2", "2400-1", "2400-3"]);
  expect(half).toEqual([...before, "4800-3"]);
  expect(held).toEqual(["4800-3", "4800-4"]);
  expect(sharp).toEqual([false, false, false, true, false, false, true]);
});

test("another page begins anew", async () => {
  tiles.want(PAGE, row(2400));
  await comes(0);
  tiles.want({ ...PAGE, page: 2 }, []);

  expect([names().slice(1), held]).toEqual([["(1: 2400-1)", "(1: 2400-3)"], []]);
});

test("while the next page is awaited nothing is fetched, and what lies there stays", async () => {
  tiles.want(PAGE, row(2400));
  await comes(0);
  tiles.pause();
  await comes(1);

  expect([names(), held]).toEqual([["1: 2400-2", "(1: 2400-1)", "(1: 2400-3)"], ["2400-2"]]);
});

test("one that does not come keeps none of the others away, and is not asked for at once", async () => {
  tiles.want(PAGE, row(4800));
  asked[0]?.fail(new Error("lost"));
  await comes(1);
  tiles.want(PAGE, row(4800));

  expect(names().slice(3)).toEqual(["1: 4800-5", "1: 4800-1"]);
});

test("one that did not come is asked for again after a while, if it is still in sight", async () => {
  vi.useFakeTimers();
  tiles.want(PAGE, row(2400).slice(0, 2));
  asked[0]?.fail(new Error("busy"));
  asked[1]?.fail(new Error("busy"));
  await vi.advanceTimersByTimeAsync(0);
  tiles.want(PAGE, row(2400).slice(0, 1));
  expect(names()).toHaveLength(2);

  await vi.advanceTimersByTimeAsync(10_000);

  expect(names()).toEqual(["1: 2400-2", "1: 2400-1", "1: 2400-2"]);
  vi.useRealTimers();
});

test("of a drawing at its closest all in sight is held, and as much again that just went out", () => {
  const page = { width: 2400, height: 1695 };
  const across = 2 * 1025 * 1.5 ** 4; // pixels of a tablet of 1180 by 820, two to one
  const share = { right: (2 * 1180) / across, bottom: (2 * 820 * 2400) / (1695 * across) };
  const inSight = [];
  for (let left = 0; left < 1 - share.right; left += 0.007) {
    for (let top = 0; top < 1 - share.bottom; top += 0.007) {
      const seen = { left, top, right: left + share.right, bottom: top + share.bottom };
      inSight.push(sharper(across, page, seen).length);
    }
  }

  expect(Math.max(...inSight)).toBe(12);
  expect(2 * Math.max(...inSight)).toBeLessThanOrEqual(HELD_MOST);
});

test("never are more held than there is memory for", async () => {
  const all = pieces(9600, 1, WHOLE_PAGE);
  for (let at = 0; at < all.length; at += 8) {
    tiles.want(PAGE, all.slice(at, at + 8));
    for (let next = asked.length - 3; next < asked.length; next += 1) await comes(next);
  }

  expect(asked.length).toBe(all.length);
  expect(held.length).toBeLessThanOrEqual(HELD_MOST);
});
