import { expect, test } from "vitest";

import { dropped, gapAt, same, shifted, within } from "./order";

const ORDER = ["a", "b", "c", "d"];

test("buttons move by one, and stop at the ends", () => {
  expect(shifted(ORDER, "c", -1)).toEqual(["a", "c", "b", "d"]);
  expect(shifted(ORDER, "b", 1)).toEqual(["a", "c", "b", "d"]);
  expect(shifted(ORDER, "a", -1)).toEqual(ORDER);
  expect(shifted(ORDER, "d", 1)).toEqual(ORDER);
  expect(shifted(ORDER, "unknown", 1)).toEqual(ORDER);
});

test("what is dragged lies in the gap where it was dropped", () => {
  expect(dropped(ORDER, "d", 0)).toEqual(["d", "a", "b", "c"]);
  expect(dropped(ORDER, "a", 4)).toEqual(["b", "c", "d", "a"]);
  expect(dropped(ORDER, "b", 1)).toEqual(ORDER);
  expect(dropped(ORDER, "b", 2)).toEqual(ORDER);
});

test("the gap is the one nearest to the finger", () => {
  const rows = [
    { top: 0, bottom: 40 },
    { top: 40, bottom: 80 },
  ];
  expect([-5, 19, 21, 59, 61, 500].map((y) => gapAt(rows, y))).toEqual([0, 0, 1, 1, 2, 2]);
});

test("papers of one item change places among themselves only", () => {
  expect(within(["1a", "2a", "1b", "2b"], ["1b", "1a"])).toEqual(["1b", "2a", "1a", "2b"]);
});

test("an order is the same only with the same things in the same places", () => {
  expect([same(ORDER, [...ORDER]), same(ORDER, ["a"]), same(ORDER, shifted(ORDER, "a", 1))]).toEqual(
    [true, false, false],
  );
});
