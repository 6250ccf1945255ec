import { expect, test } from "vitest";
import { anItem, aPaper, aView, replaced } from "../live/sample_view";
import { addresses, comingPapers, next } from "./papers";

const agenda = {
  i3: anItem(3, "ahead", { d4: aPaper("d4", 1) }),
  i1: anItem(1, "done", { d1: aPaper("d1", 34) }),
  i2: anItem(2, "ahead", { d3: aPaper("d3", 5, 2), d2: aPaper("d2", 11, 1) }),
};
const view = aView({ agenda });

test("next are the following paper of the item, and the first of the next item", () => {
  const found = ["d1", "d2", "d3", "d4", "d9"].map((id) =>
    next(view, `address-${id}`).map(({ title }) => title),
  );

  expect(found).toEqual([["d2"], ["d3", "d4"], ["d4"], [], []]);
});

test("only the papers in the view may be read", () => {
  const found = [view, aView({ agenda: { i3: anItem(3, "on") } })].map((one) =>
    [...addresses(one)].sort(),
  );

  expect(found).toEqual([["address-d1", "address-d2", "address-d3", "address-d4"], []]);
});

test("coming are the papers of the item that is on, else of the first one ahead", () => {
  const on = aView({ agenda: { ...agenda, i3: anItem(3, "on", agenda.i3.documents) } });
  const coming = [view, on, aView({ agenda: {} })].map((one) =>
    comingPapers(one).map(({ title }) => title),
  );

  expect(coming).toEqual([["d2", "d3"], ["d4"], []]);
});

test("an older version may be read still, and the same papers come after it", () => {
  const papers = { d2: replaced(aPaper("d2", 11), 4), d3: aPaper("d3", 5, 2) };
  const changed = aView({ agenda: { i2: anItem(2, "on", papers) } });
  const after = ["address-d2", "address-d2-2"].map((address) =>
    next(changed, address).map(({ title }) => title),
  );

  expect([[...addresses(changed)].sort(), after]).toEqual([
    ["address-d2", "address-d2-2", "address-d3"],
    [["d3"], ["d3"]],
  ]);
});
