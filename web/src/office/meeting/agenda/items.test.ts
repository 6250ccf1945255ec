import { expect, test } from "vitest";

import { aMeeting, anItem, aSeat } from "../sample";
import {
  agendaOf,
  EMPTY,
  guestsOf,
  lastEnd,
  mended,
  nextNumber,
  opened,
  readers,
  readersOf,
  toAdd,
  toChange,
  toInvite,
  toLay,
  typedTime,
} from "./items";

const first = anItem("i1", { position: 1, number: "1", starts: "07:45", ends: "08:25" });
const recess = anItem("r", { position: 2, number: "", recess: true, ends: "08:40" });

test("the agenda is read in its order", () => {
  expect(agendaOf(aMeeting({ items: [recess, first] })).map(({ id }) => id)).toEqual(["i1", "r"]);
});

test("times are understood as they are typed, and none is none", () => {
  expect(["7h45", "0745", " ", "28:00"].map(typedTime)).toEqual(["07:45", "07:45", "", null]);
});

test("a recess has no number, no rapporteur and no readers", () => {
  const written = mended({ ...first, rapporteur: "s1", limited_to: ["s1"] }, { recess: true });
  expect([written.number, written.rapporteur, written.limited_to]).toEqual(["", "", []]);
});

test("an item is said whole when a part of it changes", () => {
  expect(toChange(first, { ends: "08:30" })).toEqual({
    type: "item.change",
    item: "i1",
    number: "1",
    title: "i1",
    starts: "07:45",
    ends: "08:30",
    rapporteur: "",
    recess: false,
    limited_to: [],
  });
});

test("what only some may read is opened to all by saying so, never by ticking nobody", () => {
  const people = [aSeat("s1"), aSeat("g", { role: "guest" }), aSeat("t", { role: "technician" })];
  const offered = readersOf({ seats: people });
  expect(offered.map(({ id }) => id)).toEqual(["s1"]);
  expect([readers(true, [], offered), readers(true, ["g"], offered)]).toEqual([null, null]);
  expect([readers(true, ["s1"], offered), readers(false, ["s1"], offered)]).toEqual([["s1"], []]);
  expect(toChange(first, {}, true)).toEqual({ ...toChange(first, {}), for_all: true });
});

test("a paper that leaves a limited item for a wider one is opened up", () => {
  const [few, fewer] = [anItem("f", { limited_to: ["a", "b"] }), anItem("l", { limited_to: ["a"] })];
  const items = [first, few, fewer];
  expect(opened(items, "f", "i1")).toBe(true);
  expect(opened(items, "l", "f")).toBe(true);
  expect([opened(items, "f", "l"), opened(items, "i1", "f"), opened(items, "f", "f")]).toEqual(
    [false, false, false],
  );
});

test("the next item begins where the last ends, with the next number", () => {
  const items = [first, recess];
  const next = { ...EMPTY, title: "Tết", number: nextNumber(items), starts: lastEnd(items) };
  expect(toAdd("i2", next)).toEqual({ type: "item.add", item: "i2", ...next });
  expect([next.number, next.starts]).toEqual(["2", "08:40"]);
});

test("of what was read is sent the item, not what was noted of it", () => {
  const { number, title, starts, ends, rapporteur, recess } = first;
  const wanted = { item: "i1", number, title, starts, ends, rapporteur, recess };
  const found = { ...wanted, said: "An", guests: "", notes: ["time_unread"] };
  expect(toLay([found])).toEqual([wanted]);
});

test("an item's guests are changed by changing whom it is said of, and nobody else", () => {
  const guest = { role: "guest", votes: false } as const;
  const seats = [
    aSeat("s1"),
    aSeat("g1", { ...guest, items: ["i1"] }),
    aSeat("g2", { ...guest, items: ["i2"] }),
    aSeat("g3", { ...guest, items: ["i1", "i2"] }),
  ];
  const meeting = aMeeting({ seats });
  expect(guestsOf(meeting, "i1").map(({ id }) => id)).toEqual(["g1", "g3"]);
  const changes = toInvite(meeting, "i1", ["g1", "g2"]);
  expect(changes.map(({ seat, items }) => [seat, items])).toEqual([
    ["g2", ["i2", "i1"]],
    ["g3", ["i2"]],
  ]);
});
