import { expect, test } from "vitest";

import type { RollRow, RoomSignal } from "../../protocol";
import { counted, FILTERS, listed, waitingDevices } from "./rows";

function row(position: number, name: string, attendance: RollRow["attendance"]): RollRow {
  return { position, name, post: "Ủy viên", role: "member", votes: true, attendance, devices: {}, card: true };
}

const ROLL = {
  e: row(5, "Đặng Công Tráng", "absent"),
  a: row(1, "Lương Minh Khải", "present"),
  b: row(2, "Vũ Đình Ẩn", "none"),
  c: row(3, "Dương Hữu Đạt", "late"),
  d: row(4, "Mai Trọng Nghĩa", "left"),
};

test("filters cut the roll, which stays in order", () => {
  const seats = FILTERS.map((filter) => listed(ROLL, filter, "").map(([seat]) => seat));
  expect(seats).toEqual([["a", "b", "c", "d", "e"], ["b"], ["a", "c"], ["d", "e"]]);
  expect(FILTERS.map((filter) => counted(ROLL, filter))).toEqual([5, 1, 2, 2]);
});

test("search and filter hold together", () => {
  expect(listed(ROLL, "all", "d").map(([seat]) => seat)).toEqual(["b", "c", "e"]);
  expect(listed(ROLL, "here", "d").map(([seat]) => seat)).toEqual(["c"]);
});

test("names are searched, posts are not", () => {
  expect(listed(ROLL, "all", "uy")).toEqual([]);
});

test("who waits longest is first", () => {
  const device = (number: number, since: string): RoomSignal["waiting"][string] => {
    return { seat: "b", number, kind: "phone", sighting: "fresh", since, conflict: false };
  };
  const waiting = {
    x: device(12, "2026-12-10T00:13:00Z"),
    y: device(7, "2026-12-10T00:12:00Z"),
  };
  const room: RoomSignal = {
    type: "room",
    n: 1,
    following: 0,
    alone: 0,
    lost: [],
    behind: [],
    waiting,
    ready: {},
    warnings: [],
  };
  expect(waitingDevices(room)).toEqual([
    { device: "y", number: "07", row: waiting.y },
    { device: "x", number: "12", row: waiting.x },
  ]);
  expect(waitingDevices(null)).toEqual([]);
});
