import { expect, test } from "vitest";
import type { PageOf } from "./page_queue";
import { Shelf } from "./shelf";

const of = (page: number, address = "a"): PageOf => ({ address, page });
const image = (size: number) => ({ bytes: new ArrayBuffer(size), type: "image/png", width: 1600 });
const names = (shelf: Shelf) => shelf.pages.map(({ address, page }) => `${address}${String(page)}`).sort();
const both = new Set(["a", "b"]);

test("what is wanted last goes first when the bytes are spent", () => {
  const shelf = new Shelf(100);
  shelf.want([of(5), of(6), of(4)], both);
  for (const page of [4, 5, 6]) shelf.put(of(page), image(40));

  expect([names(shelf), shelf.bytes]).toEqual([["a5", "a6"], 80]);
});

test("what is wanted no more goes before what is wanted, but not without need", () => {
  const shelf = new Shelf(100);
  shelf.want([of(1)], both);
  shelf.put(of(1), image(40));
  shelf.want([of(1, "b"), of(2, "b")], both);
  shelf.put(of(1, "b"), image(40));
  const kept = names(shelf);
  shelf.put(of(2, "b"), image(40));

  expect([kept, names(shelf)]).toEqual([["a1", "b1"], ["b1", "b2"]]);
});

test("pages of a paper that may not be read any more are forgotten at once", () => {
  const shelf = new Shelf(100);
  shelf.put(of(1), image(10));
  shelf.put(of(1, "b"), image(10));
  shelf.want([], new Set(["b"]));

  expect([names(shelf), shelf.bytes]).toEqual([["b1"], 10]);
});

test("a page is counted once however often it comes", () => {
  const shelf = new Shelf(100);
  for (const size of [10, 20, 30]) shelf.put(of(1), image(size));

  expect([names(shelf), shelf.bytes]).toEqual([["a1"], 30]);
});

test("the page on screen is kept however large it is", () => {
  const shelf = new Shelf(100);
  shelf.want([of(1), of(2)], both);
  shelf.put(of(2), image(60));
  shelf.put(of(1), image(1000));

  expect(names(shelf)).toEqual(["a1"]);
});

test("there is room for a page while those before it leave some", () => {
  const shelf = new Shelf(100);
  const order = [1, 2, 3, 4].map((page) => of(page));
  shelf.want(order, both);
  const before = shelf.hasRoomFor(of(1));
  for (const page of [1, 2, 4]) shelf.put(of(page), image(30));

  expect([before, shelf.hasRoomFor(of(3)), shelf.hasRoomFor(of(5))]).toEqual([true, true, false]);
});
