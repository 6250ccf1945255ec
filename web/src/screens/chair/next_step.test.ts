import { expect, test } from "vitest";

import type { DocumentView, ItemView, View } from "../../protocol";
import { nextItem, nextStep, type Place, type Step } from "./next_step";

const START = "2026-12-10T00:30:00Z";
const AFTER = new Date("2026-12-10T00:31:00Z");

function paper(position: number, pages: number): DocumentView {
  return { position, number: "", title: "", version: 3, pages, address: "a" };
}

function item(position: number, documents?: Record<string, DocumentView>): ItemView {
  const title = `Nội dung ${String(position)}`;
  const plain = { position, number: String(position), title };
  return documents ? { ...plain, documents } : plain;
}

/** Two items with papers, a recess between, one without papers. */
const AGENDA: View["agenda"] = {
  "i-last": item(4),
  "i-one": item(1, { second: paper(2, 1), first: paper(1, 2) }),
  recess: { ...item(2), recess: true },
  "i-two": item(3, { third: paper(3, 1) }),
};

function at(phase: View["meeting"]["phase"], on?: string, done: string[] = []) {
  const agenda = Object.fromEntries(
    Object.entries(AGENDA).map(([id, row]) => {
      const state = id === on ? "on" : done.includes(id) ? "done" : undefined;
      return [id, (state ? { ...row, state } : row) satisfies ItemView];
    }),
  );
  return { meeting: { phase, starts_at: START }, agenda, ...(on && { item: on }) };
}

test("a whole meeting is run with this button alone", () => {
  let view = at("before");
  let place: Place | null = null;
  const done: string[] = [];
  const steps: Step[] = [];
  for (;;) {
    const step = nextStep(view, place, true, AFTER);
    steps.push(step);
    if (step.kind === "rest") break;
    if (step.kind === "open") view = at("running");
    if (step.kind === "item") {
      if (view.item) done.push(view.item);
      view = at("running", step.item, done);
      place = null;
    }
    if (step.kind === "present") place = { document: step.document, page: 1 };
    if (step.kind === "page") place = { document: step.document, page: step.page };
    if (step.kind === "close") view = at("closed");
  }
  expect(steps).toEqual([
    { kind: "open", early: false },
    { kind: "item", item: "i-one" },
    { kind: "present", document: "first", version: 3 },
    { kind: "page", document: "first", version: 3, page: 2, pages: 2 },
    { kind: "present", document: "second", version: 3 },
    { kind: "item", item: "recess" },
    { kind: "item", item: "i-two" },
    { kind: "present", document: "third", version: 3 },
    { kind: "item", item: "i-last" },
    { kind: "close" },
    { kind: "rest" },
  ]);
});

test("opening before the planned time is known to be early", () => {
  const before = new Date("2026-12-10T00:29:59Z");
  expect(nextStep(at("before"), null, true, before)).toEqual({ kind: "open", early: true });
});

test("who does not present takes it over where a page would come", () => {
  expect(nextStep(at("running", "i-one"), null, false, AFTER)).toEqual({ kind: "take" });
  const place = { document: "first", page: 1 };
  expect(nextStep(at("running", "i-one"), place, false, AFTER)).toEqual({ kind: "take" });
});

test("who does not present still moves through the agenda", () => {
  expect(nextStep(at("running"), null, false, AFTER)).toEqual({ kind: "item", item: "i-one" });
  const end = { document: "second", page: 1 };
  const step = nextStep(at("running", "i-one"), end, false, AFTER);
  expect(step).toEqual({ kind: "item", item: "recess" });
});

test("after a jump ahead, what was passed over comes before the close", () => {
  expect(nextItem(at("running", "i-two"))).toEqual({ kind: "item", item: "i-last" });
  expect(nextItem(at("running", "i-last", ["i-two"]))).toEqual({ kind: "item", item: "i-one" });
  const last = at("running", "i-last", ["i-one", "recess", "i-two"]);
  expect(nextItem(last)).toBe(null);
});

test("what is done is not begun again by the button", () => {
  const step = nextItem(at("running", "i-one", ["recess"]));
  expect(step).toEqual({ kind: "item", item: "i-two" });
});

test("a meeting without an agenda opens and closes", () => {
  const bare = { meeting: { phase: "running" as const, starts_at: START }, agenda: {} };
  expect(nextStep(bare, null, true, AFTER)).toEqual({ kind: "close" });
});

test("an older version on show is turned to its own end", () => {
  const on = at("running", "i-one");
  const old = { document: "first", version: 1, page: 2, pages: 3 };
  const steps = [old, { ...old, page: 3 }].map((place) => nextStep(on, place, true, AFTER));

  expect(steps).toEqual([
    { kind: "page", document: "first", version: 1, page: 3, pages: 3 },
    { kind: "present", document: "second", version: 3 },
  ]);
});
