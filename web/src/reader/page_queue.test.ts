import { expect, test } from "vitest";
import { BEFORE_NEXT, beginnings, order, ORDER_MOST, type PageOf } from "./page_queue";

const numbers = (list: readonly PageOf[]) =>
  list.map(({ address, page }) => (address === "a" ? page : `${address}${String(page)}`));

test("the page on show, the next three, the previous, the rest, then the next papers", () => {
  const coming = [
    { address: "b", pages: 5 },
    { address: "c", pages: 1 },
  ];
  const { pages, near } = order({ address: "a", pages: 9, page: 4 }, null, coming);

  expect(numbers(pages)).toEqual([4, 5, 6, 7, 3, 8, 9, 2, 1, "b1", "c1"]);
  expect(near).toBe(5);
});

test("of a paper to be collected only what may be next is asked for", () => {
  const on = { address: "a", pages: 9, page: 4, collect: true } as const;
  const { pages, near } = order(on, null, [{ address: "b", pages: 5 }]);

  expect([numbers(pages), near]).toEqual([[4, 5, 6, 3, "b1"], 4]);
});

test("at the ends of the paper only what is there", () => {
  const { pages, near } = order({ address: "a", pages: 3, page: 3 }, null, []);

  expect([numbers(pages), near]).toEqual([[3, 2, 1], 2]);
});

test("the meeting's page is kept ready for who reads another paper, and then its paper", () => {
  const presented = { address: "c", pages: 4, page: 3 };
  const { pages, near } = order({ address: "a", pages: 3, page: 1 }, presented, []);

  expect([numbers(pages), near]).toEqual([[1, 2, 3, "c3", "c4", "c2", "c1"], 4]);
});

test("the meeting's page is asked for once", () => {
  const on = { address: "a", pages: 2, page: 1 };
  const { pages, near } = order(on, on, [{ address: "a", pages: 2 }]);

  expect([numbers(pages), near]).toEqual([[1, 2], 2]);
});

test("a long paper leaves the next ones their place, and the order has an end", () => {
  const on = { address: "a", pages: 5000, page: 100 };
  const { pages } = order(on, null, [{ address: "b", pages: 5 }]);

  expect(numbers(pages).slice(BEFORE_NEXT - 1, BEFORE_NEXT + 2)).toEqual([138, "b1", 139]);
  expect(pages.length).toBe(ORDER_MOST + 1);
});

test("while nothing is on show, the first pages of the papers to come are kept ready", () => {
  const papers = ["a", "b", "c"].map((address) => ({ address, pages: 9 }));

  expect([numbers(beginnings(papers).pages), beginnings(papers).near]).toEqual([
    [1, "b1", "c1"],
    2,
  ]);
});
