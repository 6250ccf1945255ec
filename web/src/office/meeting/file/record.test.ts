import { expect, test } from "vitest";

import { aMeeting, aSeat } from "../sample";
import { numbers, proposedNumber, toEntry } from "./record";

const ZONE = "Asia/Ho_Chi_Minh";
const ON = new Date("2026-12-10T00:30:00Z");

test("who came counts, whether they stayed or not; guests and the screen apart", () => {
  const seats = [
    aSeat("a", { attendance: "present" }),
    aSeat("b", { attendance: "left" }),
    aSeat("c", { attendance: "late", votes: false }),
    aSeat("d", { attendance: "absent" }),
    aSeat("e"),
    aSeat("g", { role: "guest", attendance: "present", votes: false }),
    aSeat("w", { role: "screen", votes: false }),
  ];
  const said = numbers(aMeeting({ seats }));
  expect([said.came, said.people, said.voting, said.voters, said.guests]).toEqual([3, 5, 2, 4, 1]);
  expect([said.late, said.absent, said.unknown].map((list) => list.map(({ id }) => id))).toEqual([
    ["c"],
    ["d"],
    ["e"],
  ]);
  expect([said.papers, said.pages]).toEqual([1, 2]);
});

test("who was not entered yet is entered plainly, on the day of the meeting", () => {
  const entry = { state: "late", time: "9h10", reason: "" } as const;
  expect(toEntry(aSeat("a"), entry, ON, ZONE)).toEqual({
    type: "attendance.mark",
    seat: "a",
    state: "late",
    at: "2026-12-10T02:10:00.000Z",
    reason: "",
  });
});

test("everything else is a correction with its reason", () => {
  const seat = aSeat("a", { attendance: "absent" });
  const entry = { state: "present", time: "07:30", reason: " ghi nhầm " } as const;
  expect(toEntry(seat, entry, ON, ZONE)).toEqual({
    type: "attendance.correct",
    seat: "a",
    state: "present",
    at: "2026-12-10T00:30:00.000Z",
    reason: "ghi nhầm",
  });
  expect(toEntry(seat, { ...entry, reason: " " }, ON, ZONE)).toBe("file.reason_needed");
  expect(toEntry(seat, { ...entry, time: "25:00" }, ON, ZONE)).toBe("file.time_wrong");
  expect(toEntry(aSeat("b"), { ...entry, state: "absent", reason: "" }, ON, ZONE)).toBe(
    "file.reason_needed",
  );
});

test("the number proposed is the next of its year", () => {
  expect(proposedNumber([], "2026")).toBe("01/HS-2026");
  expect(proposedNumber(["02/HS-2026", "09/HS-2025", "", "lạ"], "2026")).toBe("03/HS-2026");
});
