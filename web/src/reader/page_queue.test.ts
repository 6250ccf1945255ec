import { expect, test } from "vitest";
import { beginnings, HELD_PAGES, order } from "./page_queue";

const numbers = (list: ReturnType<typeof order>) =>
  list.map(({ address, page }) => (address === "a" ? page : `${address}${String(page)}`));

test("the page on show, the next three, the previous, the rest, then the next paper", () => {
  const list = order({ address: "a", pages: 9, page: 4 }, null, { address: "b", pages: 5 });

  expect(numbers(list)).toEqual([4, 5, 6, 7, 3, 8, 9, 2, 1, "b1"]);
});

test("at the ends of the paper only what is there", () => {
  expect(numbers(order({ address: "a", pages: 3, page: 3 }, null, null))).toEqual([3, 2, 1]);
});

test("the meeting's page is kept ready for who reads another paper", () => {
  const list = order({ address: "a", pages: 2, page: 1 }, { address: "c", page: 7 }, null);

  expect(numbers(list)).toEqual([1, 2, "c7"]);
});

test("the meeting's page is asked for once", () => {
  const list = order({ address: "a", pages: 2, page: 1 }, { address: "a", page: 1 }, null);

  expect(numbers(list)).toEqual([1, 2]);
});

test("a long paper does not fill the memory, and the next paper still has its place", () => {
  const list = order({ address: "a", pages: 5000, page: 100 }, null, { address: "b", pages: 5 });

  expect([list.length, numbers(list).slice(-2)]).toEqual([HELD_PAGES, [137, "b1"]]);
});

test("while nothing is on show, the first pages of the papers to come are kept ready", () => {
  const papers = [
    { address: "a", pages: 9 },
    { address: "b", pages: 2 },
  ];

  expect(numbers(beginnings(papers))).toEqual([1, "b1"]);
});
