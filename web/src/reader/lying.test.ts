import { describe, expect, it } from "vitest";
import { WHOLE_PAGE, type Box } from "./ladder";
import { lay, seenOf, shownSize, trimmed, UNCUT, type Cut, type Quarters } from "./lying";

const PAGE = { width: 200, height: 300 };
const MIDDLE: Box = { left: 0.25, top: 0.1, right: 0.75, bottom: 0.6 };
const cut = (quarters: Quarters, box = MIDDLE): Cut => ({ box, quarters });

describe("what is shown of a page", () => {
  it("is the page; less of it when cut, across when turned", () => {
    const shapes = [UNCUT, cut(0), cut(1), cut(2)].map((how) => shownSize(PAGE, how));

    expect(shapes).toEqual([
      PAGE,
      { width: 100, height: 150 },
      { width: 150, height: 100 },
      { width: 100, height: 150 },
    ]);
  });

  it("lies in its frame so that the cut part fills it", () => {
    expect(lay({ width: 100, height: 150 }, cut(0))).toEqual({
      part: { width: 100, height: 150 },
      transform: "none",
      whole: { width: 200, height: 300, x: -50, y: -30 },
    });
  });

  it("is turned about the corner that comes to lie at the top left", () => {
    const turns = ([1, 2, 3] as const).map((quarters) => {
      const { part, transform } = lay({ width: 150, height: 100 }, cut(quarters));
      return [part.width, part.height, transform];
    });

    expect(turns).toEqual([
      [100, 150, "translate(150px, 0px) rotate(90deg)"],
      [150, 100, "translate(150px, 100px) rotate(180deg)"],
      [100, 150, "translate(0px, 100px) rotate(270deg)"],
    ]);
  });
});

describe("the part in sight", () => {
  const stage = { width: 100, height: 100 };

  it("is all of a page that lies whole on the stage", () => {
    expect(seenOf({ x: 10, y: 0, width: 60, height: 90 }, stage, UNCUT)).toEqual(WHOLE_PAGE);
  });

  it("is what the stage shows of a page that is larger", () => {
    const seen = seenOf({ x: -100, y: -50, width: 400, height: 200 }, stage, UNCUT);

    expect(seen).toEqual({ left: 0.25, top: 0.25, right: 0.5, bottom: 0.75 });
  });

  it("is found on the page as it was before it was turned", () => {
    const frame = { x: 0, y: 0, width: 200, height: 200 };
    const corners = ([0, 1, 2, 3] as const).map((quarters) => seenOf(frame, stage, cut(quarters, WHOLE_PAGE)));

    expect(corners).toEqual([
      { left: 0, top: 0, right: 0.5, bottom: 0.5 },
      { left: 0, top: 0.5, right: 0.5, bottom: 1 },
      { left: 0.5, top: 0.5, right: 1, bottom: 1 },
      { left: 0.5, top: 0, right: 1, bottom: 0.5 },
    ]);
  });

  it("counts from the page's own corner when its margins are cut", () => {
    const seen = seenOf({ x: 0, y: 0, width: 200, height: 200 }, stage, cut(0));

    expect(seen).toEqual({ left: 0.25, top: 0.1, right: 0.5, bottom: 0.35 });
  });
});

describe("margins", () => {
  const page = (left: number, right: number): Box => ({ left, top: 0.1, right, bottom: 0.9 });
  const sides = (own: (Box | null)[], number: number) => {
    const { left, right } = trimmed(own, number);
    return [left.toFixed(3), right.toFixed(3)];
  };

  it("are cut alike on all pages of a paper", () => {
    const own = [page(0.2, 0.8), page(0.15, 0.7)];

    expect([sides(own, 1), sides(own, 2)]).toEqual([
      ["0.135", "0.815"],
      ["0.135", "0.815"],
    ]);
  });

  it("stay where a page is printed to its edges, which the others do not suffer for", () => {
    const own = [page(0.2, 0.8), page(0, 1)];

    expect([sides(own, 1), sides(own, 2)]).toEqual([
      ["0.185", "0.815"],
      ["0.000", "1.000"],
    ]);
  });

  it("stay on a page that nobody has looked at yet, and on an empty paper", () => {
    const empty = { left: 0, top: 0, right: 0, bottom: 0 };

    expect([trimmed([null, page(0.2, 0.8)], 1), trimmed([empty], 1)]).toEqual([WHOLE_PAGE, WHOLE_PAGE]);
    expect(sides([empty, page(0.2, 0.8)], 1)).toEqual(["0.185", "0.815"]);
  });

  it("are not worth cutting when there are hardly any", () => {
    expect(trimmed([{ left: 0.01, top: 0.01, right: 0.99, bottom: 0.99 }], 1)).toEqual(WHOLE_PAGE);
  });
});
