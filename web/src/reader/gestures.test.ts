import { describe, expect, it } from "vitest";
import {
  arrived,
  fit,
  isDoubleTap,
  isTap,
  move,
  pinch,
  settle,
  swipe,
  WHOLE,
  zoom,
  type Sight,
} from "./gestures";

const STAGE = { width: 1000, height: 600 };
const FITTED = { width: 400, height: 600 };

const page2 = { document: "d", address: "a", page: 2 };

describe("a page on its stage", () => {
  it("is as large as fits, upright or across", () => {
    expect(fit({ width: 200, height: 300 }, STAGE)).toEqual(FITTED);
    expect(fit({ width: 3000, height: 1000 }, STAGE)).toEqual({ width: 1000, height: 1000 / 3 });
  });

  it("lies in the middle when it is whole", () => {
    expect(settle(WHOLE, FITTED, STAGE)).toEqual({ scale: 1, x: 300, y: 0 });
  });

  it("never shows an edge where there is page", () => {
    const wide: Sight = { scale: 4, x: 50, y: -9000 };

    expect(settle(wide, FITTED, STAGE)).toEqual({ scale: 4, x: 0, y: -1800 });
  });
});

describe("zooming", () => {
  it("keeps the point under the fingers", () => {
    const sight = zoom({ scale: 1, x: 300, y: 0 }, 2, { x: 500, y: 300 });

    expect(sight).toEqual({ scale: 2, x: 100, y: -300 });
  });

  it("stays between whole and eight times", () => {
    const scales = [0.1, 100].map((factor) => zoom(WHOLE, factor, { x: 0, y: 0 }).scale);

    expect(scales).toEqual([1, 8]);
  });

  it("is kept on a new page, from its top, also after none; the same page stays as it lies", () => {
    const sight = { scale: 2, x: -40, y: -500 };
    const before = [null, { ...page2, page: 1 }, { ...page2, address: "b" }, page2];
    const tops = before.map((page) => arrived(sight, page, page2).y);

    expect(tops).toEqual([0, 0, 0, -500]);
    expect(arrived(sight, null, page2)).toEqual({ ...sight, y: 0 });
  });

  it("is not kept from one paper to another", () => {
    const sight = { scale: 2, x: -40, y: -500 };

    expect(arrived(sight, { ...page2, document: "c" }, page2)).toEqual(WHOLE);
  });

  it("moves with the finger", () => {
    expect(move({ scale: 2, x: 0, y: -10 }, { x: -5, y: 3 })).toEqual({ scale: 2, x: -5, y: -7 });
  });

  it("knows two fingers by their middle and spread", () => {
    expect(pinch({ x: 0, y: 0 }, { x: 30, y: 40 })).toEqual({ x: 15, y: 20, spread: 50 });
  });
});

describe("a swipe", () => {
  it("to the left is the next page, to the right the previous", () => {
    const turns = [-120, 120].map((x) => swipe({ x, y: 10 }, 200, 1));

    expect(turns).toEqual(["next", "previous"]);
  });

  it("is none when short, slow, steep or zoomed", () => {
    const none = [
      swipe({ x: -30, y: 0 }, 200, 1),
      swipe({ x: -120, y: 0 }, 2000, 1),
      swipe({ x: -120, y: 100 }, 200, 1),
      swipe({ x: -120, y: 0 }, 200, 1.5),
    ];

    expect(none).toEqual([null, null, null, null]);
  });
});

describe("a double tap", () => {
  it("is two taps close in time and place", () => {
    const first = { x: 100, y: 100, at: 0 };
    const doubled = [
      isDoubleTap(first, { x: 110, y: 95, at: 250 }),
      isDoubleTap(first, { x: 110, y: 95, at: 900 }),
      isDoubleTap(first, { x: 300, y: 95, at: 250 }),
      isDoubleTap(null, first),
    ];

    expect(doubled).toEqual([true, false, false, false]);
  });

  it("is of taps that did not move", () => {
    expect([isTap({ x: 3, y: 4 }), isTap({ x: 20, y: 0 })]).toEqual([true, false]);
  });
});
