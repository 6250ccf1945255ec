import { expect, test } from "vitest";

import type { FoundPaper, HitView } from "../protocol";
import { marks, revealed, same, typedEnough } from "./hits";
import { UNCUT } from "./lying";

const hit = (page: number, ...boxes: number[][]): HitView => ({
  page,
  boxes,
  exact: true,
  before: "",
  match: "số",
  after: "",
});

const PAPER: FoundPaper = {
  document: "d1",
  version: 1,
  address: "a1",
  count: 3,
  hits: [
    hit(2, [1000, 2000, 2000, 2500], [0, 2600, 500, 3000]),
    hit(3, [1, 2, 3, 4]),
    hit(2, [5000, 5000, 6000, 5500]),
  ],
};

test("the hits of the page on show are marked, a box for each line", () => {
  expect(marks({ paper: PAPER, at: 2 }, { address: "a1", page: 2 })).toEqual([
    { left: 0.1, top: 0.2, width: 0.1, height: 0.05, current: false },
    { left: 0, top: 0.26, width: 0.05, height: 0.04, current: false },
    { left: 0.5, top: 0.5, width: 0.1, height: 0.05, current: true },
  ]);
});

test("nothing is marked on another paper, or when nothing is looked for", () => {
  expect(marks({ paper: PAPER, at: 0 }, { address: "a2", page: 2 })).toEqual([]);
  expect(marks(null, { address: "a1", page: 2 })).toEqual([]);
});

test("hits are the same that stand at the same place", () => {
  expect(same(hit(1, [1, 2, 3, 4]), hit(1, [1, 2, 3, 4]))).toBe(true);
  expect(same(hit(1, [1, 2, 3, 4]), hit(2, [1, 2, 3, 4]))).toBe(false);
  expect(same(hit(1, [1, 2, 3, 4]), hit(1, [1, 2, 3, 5]))).toBe(false);
});

test("one letter is not looked for, and marks of writing are none", () => {
  expect(["", "a", "—…", "số", "5/", "2.1"].map(typedEnough)).toEqual(
    [false, false, false, true, false, true],
  );
});

const MARK = { left: 0.5, top: 0.8, width: 0.1, height: 0.02, current: true };
const STAGE = { width: 800, height: 600 };

test("a hit out of sight comes to the middle, one in sight stays where it is", () => {
  const frame = { x: 0, y: 0, width: 800, height: 1200 };
  const sight = { scale: 2, x: 0, y: 0 };
  expect(revealed(sight, frame, STAGE, UNCUT, MARK)).toEqual({ scale: 2, x: -40, y: -672 });
  const lower = { ...frame, y: -600 };
  expect(revealed(sight, lower, STAGE, UNCUT, MARK)).toBe(sight);
});

test("a hit is found on a page that was cut and turned", () => {
  const frame = { x: 0, y: 0, width: 1200, height: 800 };
  const cut = { box: { left: 0, top: 0.5, right: 1, bottom: 1 }, quarters: 1 as const };
  const mark = { left: 0.5, top: 0.75, width: 0.25, height: 0.125, current: true };
  const sight = { scale: 2, x: 0, y: 0 };
  const stage = { width: 300, height: 300 };
  expect(revealed(sight, frame, stage, cut, mark)).toEqual({ scale: 2, x: -300, y: -350 });
});
