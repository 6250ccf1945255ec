import { expect, test } from "vitest";

import { isCorrection, MOVES, toCommand, type Attendance, type Entry } from "./entry";

const ZONE = "Asia/Ho_Chi_Minh";
const NOW = new Date("2026-12-10T02:10:00Z"); // 09:10 there
const ALL: Attendance[] = ["none", "present", "late", "left", "returned", "absent"];

const command = (entry: Partial<Entry>) =>
  toCommand(
    { seat: "p5", from: "none", to: "present", typed: null, reason: "", closed: false, ...entry },
    NOW,
    ZONE,
  );

/** The file that also tests the server's table. */
const [moves] = Object.values(
  import.meta.glob<typeof MOVES>("../../../../tests/cases/attendance_moves.json", {
    eager: true,
    import: "default",
  }),
);

test("the plain moves are the server's", () => {
  expect(MOVES).toEqual(moves);
});

test("any other move is a correction, and after the meeting every move", () => {
  const plain = ALL.map((from) => ALL.filter((to) => !isCorrection({ from, to, closed: false })));
  expect(plain).toEqual([
    ["present", "late", "absent"],
    ["left"],
    ["left"],
    ["returned"],
    ["left"],
    ["present", "late"],
  ]);
  const closed = ALL.flatMap((from) => ALL.filter((to) => !isCorrection({ from, to, closed: true })));
  expect(closed).toEqual([]);
});

test("a plain entry takes the server's time unless one is typed", () => {
  expect(command({})).toEqual({ type: "attendance.mark", seat: "p5", state: "present" });
  expect(command({ typed: "7:12" })).toEqual({
    type: "attendance.mark",
    seat: "p5",
    state: "present",
    at: "2026-12-10T00:12:00.000Z",
  });
});

test("absence and corrections want a reason", () => {
  expect(command({ to: "absent", reason: "  " })).toBe("desk.reason_needed");
  expect(command({ to: "absent", reason: " dự hội nghị khác " })).toEqual({
    type: "attendance.mark",
    seat: "p5",
    state: "absent",
    reason: "dự hội nghị khác",
  });
  expect(command({ from: "present", to: "late" })).toBe("desk.reason_needed");
});

test("a correction keeps the time that was entered unless one is typed", () => {
  const wrong = { from: "present", entered: "2026-12-10T00:12:30Z", reason: "ghi nhầm" } as const;
  expect(command({ ...wrong, to: "absent" })).toEqual({
    type: "attendance.correct",
    seat: "p5",
    state: "absent",
    at: "2026-12-10T00:12:30.000Z",
    reason: "ghi nhầm",
  });
  expect(command({ ...wrong, to: "present", typed: "07:20" })).toEqual({
    type: "attendance.correct",
    seat: "p5",
    state: "present",
    at: "2026-12-10T00:20:00.000Z",
    reason: "ghi nhầm",
  });
});

test("after the meeting every entry is a correction", () => {
  expect(command({ closed: true })).toBe("desk.reason_needed");
  expect(command({ closed: true, typed: "07:12", reason: "sót" })).toEqual({
    type: "attendance.correct",
    seat: "p5",
    state: "present",
    at: "2026-12-10T00:12:00.000Z",
    reason: "sót",
  });
});

test("a time that cannot be is refused before it is sent", () => {
  expect(command({ typed: "25:00" })).toBe("desk.time_wrong");
  expect(command({ typed: "" })).toBe("desk.time_wrong");
  expect(command({ typed: "09:12" })).toBe("desk.time_wrong");
});
