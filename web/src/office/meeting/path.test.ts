import { expect, test } from "vitest";

import { done, isStep, missing } from "./path";
import { aMeeting, anItem, aPaper, aSeat } from "./sample";

const EVENING_BEFORE = new Date("2026-12-09T12:00:00Z");

test("a meeting that has everything lacks nothing", () => {
  expect(missing(aMeeting(), EVENING_BEFORE)).toEqual([]);
});

test("an empty meeting lacks people, items and papers, gravest first", () => {
  const empty = aMeeting({ seats: [aSeat("w", { role: "screen" })], items: [], documents: [] });
  expect(missing(empty, EVENING_BEFORE)).toEqual([
    { what: "people", step: "people", grave: true, n: 1 },
    { what: "items", step: "agenda", grave: true, n: 1 },
    { what: "papers", step: "papers", grave: true, n: 1 },
  ]);
});

test("what a roll can lack is named", () => {
  const seats = [
    aSeat("s1", { votes: false }),
    aSeat("g1", { role: "guest", votes: false }),
    aSeat("g2", { role: "guest", votes: false, items: ["i1"] }),
  ];
  const found = missing(aMeeting({ seats }), EVENING_BEFORE);
  expect(found.map(({ what, grave, n }) => [what, grave, n])).toEqual([
    ["chair", true, 1],
    ["voters", true, 1],
    ["secretary", false, 1],
    ["guests", false, 1],
  ]);
});

test("papers still being made, or with pages that failed, are counted", () => {
  const documents = [
    aPaper("d1", { ready: 1 }),
    aPaper("d2", { ready: 1, failed: 1 }),
    aPaper("d3"),
  ];
  const found = missing(aMeeting({ documents }), EVENING_BEFORE);
  expect(found.map(({ what, n }) => [what, n])).toEqual([
    ["pages_failed", 1],
    ["pages_waiting", 1],
  ]);
});

test("a quorum nobody can reach, a time gone by and a moved address are told", () => {
  const { heading } = aMeeting();
  const meeting = aMeeting({
    heading: { ...heading, quorum_present: 2, quorum_total: 3, place: " ", help_phone: "" },
    address_changed: true,
  });
  const found = missing(meeting, new Date("2026-12-11T00:00:00Z"));
  expect(found.map(({ what }) => what)).toEqual(["quorum", "address", "past", "place", "help"]);
});

test("steps get their tick one by one", () => {
  const start = aMeeting({ seats: [], items: [], documents: [] });
  expect([...done(start)]).toEqual(["heading"]);
  expect([...done(aMeeting({ items: [anItem("i1")], cards_url: "http://192.168.1.105" }))]).toEqual([
    "heading",
    "people",
    "agenda",
    "papers",
    "cards",
  ]);
  expect(done(aMeeting({ documents: [aPaper("d1", { ready: 1 })] })).has("papers")).toBe(false);
  expect([...done(aMeeting({ phase: "locked" }))].slice(-3)).toEqual([
    "cards",
    "before",
    "file",
  ]);
});

test("only the seven steps are steps", () => {
  expect([isStep("papers"), isStep("roll"), isStep("")]).toEqual([true, false, false]);
});
