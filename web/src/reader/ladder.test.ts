import { describe, expect, it } from "vitest";
import { pieces, sharper, stepFor, WHOLE_PAGE, type Box } from "./ladder";

const UPRIGHT = 297 / 210;
const ACROSS = 210 / 297;

describe("the step pages are fetched in", () => {
  it("is the narrowest that fills the screen's pixels, a little stretched at most", () => {
    const steps = [100, 800, 840, 841, 1126, 1200, 1590, 1680].map((px) => stepFor(px, UPRIGHT));

    expect(steps).toEqual([800, 800, 800, 1200, 1200, 1200, 1600, 1600]);
  });

  it("never makes an image too large for a tablet", () => {
    expect([stepFor(9999, UPRIGHT), stepFor(9999, ACROSS)]).toEqual([1600, 2400]);
    expect([stepFor(2254, ACROSS), stepFor(9999, 5), stepFor(9999, 50)]).toEqual([2400, 800, 800]);
  });
});

describe("what makes a page sharp", () => {
  const page = { width: 1200, height: 1697 };

  it("is nothing while it is not drawn larger than it is", () => {
    expect([sharper(1200, page, WHOLE_PAGE), sharper(1260, page, WHOLE_PAGE)]).toEqual([[], []]);
  });

  it("is the whole page a step wider, where that is no larger than an image may be", () => {
    const whole = { ...WHOLE_PAGE, width: 1600, tile: 0 };

    expect(sharper(1500, page, { left: 0.4, top: 0.4, right: 0.6, bottom: 0.6 })).toEqual([whole]);
  });

  it("is the pieces in sight of a page so wide, and no more", () => {
    const corner: Box = { left: 0, top: 0, right: 0.3, bottom: 0.2 };
    const found = sharper(2000, page, corner);

    expect(found.map(({ width, tile }) => [width, tile])).toEqual([[2400, 1]]);
    expect(found[0]).toMatchObject({ left: 0, top: 0, right: 1 / 3, bottom: 800 / 3394 });
  });

  it("grows by steps, up to a limit", () => {
    const at = { left: 0.5, top: 0.5, right: 0.5001, bottom: 0.5001 };
    const widths = [2520, 2521, 3360, 5040, 5041, 20_000].map((px) => sharper(px, page, at)[0]?.width);

    expect(widths).toEqual([2400, 3200, 3200, 4800, 6400, 9600]);
    expect(sharper(20_000, { width: 9600, height: 9600 }, at)).toEqual([]);
  });
});

describe("the pieces of a page", () => {
  it("are numbered in rows from 1, the last ones smaller, the middle first", () => {
    const all = pieces(2400, 0.5, WHOLE_PAGE);

    expect(all.map(({ tile }) => tile)).toEqual([2, 5, 1, 3, 4, 6]);
    expect(all.map(({ tile, bottom }) => [tile, bottom]).sort().slice(-1)).toEqual([[6, 1]]);
  });

  it("cover what is in sight, wherever it lies", () => {
    for (const left of [0, 0.17, 0.34, 0.8]) {
      const seen = { left, top: left, right: left + 0.2, bottom: left + 0.2 };
      const found = pieces(4800, UPRIGHT, seen);
      const most = (side: "right" | "bottom") => Math.max(...found.map((piece) => piece[side]));
      const least = (side: "left" | "top") => Math.min(...found.map((piece) => piece[side]));

      expect(least("left")).toBeLessThanOrEqual(seen.left);
      expect(least("top")).toBeLessThanOrEqual(seen.top);
      expect(most("right")).toBeGreaterThanOrEqual(seen.right);
      expect(most("bottom")).toBeGreaterThanOrEqual(seen.bottom);
    }
  });

  it("are none of what is not the page", () => {
    expect(pieces(2400, 1, { left: 1, top: 0, right: 1, bottom: 1 })).toEqual([]);
    expect(pieces(2400, 1, { left: -1, top: -1, right: 0.1, bottom: 0.1 })).toHaveLength(1);
  });
});
