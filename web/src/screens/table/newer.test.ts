import { expect, test } from "vitest";
import { at } from "../../live/follow";
import { anItem, aPaper, aView, presented, replaced } from "../../live/sample_view";
import { newer } from "./newer";

const papers = { d2: replaced(aPaper("d2", 11), 4), d3: aPaper("d3", 5, 2) };
const agenda = { i2: anItem(2, "on", papers) };
const view = aView({ agenda, presented: presented("d2", 7) });
const old = at(view, { document: "d2", version: 1, page: 7 });

test("who presents is offered the new version, at the same page or the last there is", () => {
  const near = aView({ agenda, presented: presented("d2", 3) });
  const offers = [newer(view, old, false, true), newer(near, old, false, true)];

  expect(offers.map((offer) => [offer?.how, offer?.to.version, offer?.to.page])).toEqual([
    ["present", 2, 4],
    ["present", 2, 3],
  ]);
});

test("who follows is offered nothing and moved by nothing", () => {
  expect(newer(view, old, false, false)).toBe(null);
});

test("who reads an old version alone may go to the new one", () => {
  const offer = newer(view, old, true, false);

  expect([offer?.how, offer?.to.version]).toEqual(["read", 2]);
});

test("nothing is offered where the newest version is on show", () => {
  const now = aView({ agenda, presented: { ...presented("d2", 3), version: 2 } });
  const shown = at(now, { document: "d2", page: 3 });

  expect([newer(now, shown, false, true), newer(now, shown, true, false)]).toEqual([null, null]);
});

test("after the close there is nobody to present to", () => {
  const closed = { ...view, meeting: { ...view.meeting, phase: "closed" as const } };

  expect(newer(closed, old, true, true)?.how).toBe("read");
});
