import { expect, test } from "vitest";
import { anItem, aPaper, aView } from "../live/sample_view";
import { after, comingPapers } from "./papers";

const agenda = {
  i3: anItem(3, "ahead", { d4: aPaper("d4", 1) }),
  i1: anItem(1, "done", { d1: aPaper("d1", 34) }),
  i2: anItem(2, "ahead", { d3: aPaper("d3", 5, 2), d2: aPaper("d2", 11, 1) }),
};
const view = aView({ agenda });

test("the next paper is the next of the item, then the first of the next item", () => {
  const next = ["d1", "d2", "d3", "d4", "d9"].map((id) => after(view, `address-${id}`)?.title);

  expect(next).toEqual(["d2", "d3", "d4", undefined, undefined]);
});

test("coming are the papers of the item that is on, else of the first one ahead", () => {
  const on = aView({ agenda: { ...agenda, i3: anItem(3, "on", agenda.i3.documents) } });
  const coming = [view, on, aView({ agenda: {} })].map((one) =>
    comingPapers(one).map(({ title }) => title),
  );

  expect(coming).toEqual([["d2", "d3"], ["d4"], []]);
});
