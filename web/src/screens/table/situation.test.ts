import { expect, test } from "vitest";
import { anItem, aPaper, aView, presented } from "../../live/sample_view";
import type { OwnView, View } from "../../protocol";
import { afterwards, mayCheckIn, opensAt, situation } from "./situation";

function own(role: OwnView["role"], changes: Partial<OwnView> = {}): OwnView {
  return {
    seat: "m1",
    name: "Cao Xuân Ân",
    post: "",
    role,
    votes: true,
    attendance: "none",
    may: ["attendance.check_in"],
    devices: 1,
    ...changes,
  };
}

function at(phase: View["meeting"]["phase"], states: ("ahead" | "on" | "done")[]): View {
  const view = aView();
  const items = states.map((state, index) => [`i${String(index)}`, anItem(index, state)] as const);
  return { ...view, meeting: { ...view.meeting, phase }, agenda: Object.fromEntries(items) };
}

test("a member sees where the meeting stands", () => {
  const seen = [
    at("before", ["ahead"]),
    at("running", ["ahead"]),
    at("running", ["done", "on"]),
    at("running", ["done"]),
    at("closed", ["done"]),
  ].map((view) => situation(view, own("member")).is);

  expect(seen).toEqual(["before", "no_item", "item", "between", "closed"]);
});

test("a guest hears when their item comes, and is thanked after the last", () => {
  const seen = [
    at("before", ["ahead"]),
    at("running", ["ahead"]),
    at("running", ["on", "ahead"]),
    at("running", ["done", "ahead"]),
    at("running", ["done"]),
    at("closed", ["ahead"]),
    at("running", []),
  ].map((view) => situation(view, own("guest")).is);

  expect(seen).toEqual([
    "guest_ahead",
    "guest_ahead",
    "item",
    "guest_ahead",
    "thanks",
    "thanks",
    "guest_none",
  ]);
});

test("after the closing it is said what can still be read and how much was collected", () => {
  const bare = at("closed", ["done"]);
  const laid = { ...bare, agenda: { i0: anItem(0, "done", { d1: aPaper("d1", 3) }) } };
  expect([bare, laid, { ...bare, collected: 1 }, { ...laid, collected: 2 }].map(afterwards)).toEqual([
    null,
    { key: "closed_read", count: 0 },
    { key: "collected", count: 1 },
    { key: "collected_rest", count: 2 },
  ]);
});

test("checking in is offered to who is not here yet and may", () => {
  const running = at("running", ["on"]);
  const offered = [
    mayCheckIn(running, own("member")),
    mayCheckIn(running, own("member", { attendance: "absent" })),
    mayCheckIn(running, own("member", { attendance: "left" })),
    mayCheckIn(running, own("member", { attendance: "present" })),
    mayCheckIn(running, own("member", { attendance: "returned" })),
    mayCheckIn(running, own("member", { may: [] })),
    mayCheckIn(at("closed", ["done"]), own("member")),
    mayCheckIn(at("running", ["done"]), own("guest")),
  ];

  expect(offered).toEqual([true, true, true, false, false, false, false, false]);
});

test("a paper opens where it was left; only the page on show itself is followed", () => {
  const view = aView({ presented: presented("d2", 3) });
  const opened = [
    opensAt(view, "d2", 3, false),
    opensAt(view, "d2", 9, false),
    opensAt(view, "d2", undefined, false),
    opensAt(view, "d1", 3, false),
    opensAt(aView(), "d2", 3, false),
  ];

  expect(opened).toEqual([null, 9, 1, 3, 3]);
});

test("who presents never presents another page by choosing the paper on show", () => {
  const view = aView({ presented: presented("d2", 3) });

  expect([opensAt(view, "d2", 9, true), opensAt(view, "d1", 9, true)]).toEqual([null, 9]);
});
