import { expect, test } from "vitest";

import { clock, instant, span, typedClock, weekday } from "./time";

const ZONE = "Asia/Ho_Chi_Minh";

test("times are read in the office's zone, whatever the device's", () => {
  expect(clock("2026-12-10T00:12:30Z", ZONE)).toBe("07:12");
  expect(clock("2026-12-10T17:00:00Z", ZONE)).toBe("00:00");
});

test("the day of the week is the one in the office's zone", () => {
  const days = ["2026-12-10T00:30:00Z", "2026-12-10T17:00:00Z", "2026-12-13T16:59:00Z"];
  expect(days.map((day) => weekday(day, ZONE))).toEqual(["3", "4", "6"]);
});

test("what is typed is understood or refused", () => {
  const typed = ["07:45", "7:45", "0745", "7.45", "7g45", "7", "24:00", "7:60", "sáng", ""];
  expect(typed.map(typedClock)).toEqual([
    "07:45",
    "07:45",
    "07:45",
    "07:45",
    "07:45",
    "07:00",
    null,
    null,
    null,
    null,
  ]);
});

test("a time of day becomes an instant of the meeting's day", () => {
  const lateEvening = new Date("2026-12-10T18:30:00Z"); // already the 11th there
  expect(instant("07:45", lateEvening, ZONE).toISOString()).toBe("2026-12-11T00:45:00.000Z");
});

test("a time of day is right on the day the clocks change", () => {
  const day = new Date("2026-03-29T12:00:00Z");
  expect(instant("01:30", day, "Europe/Berlin").toISOString()).toBe("2026-03-29T00:30:00.000Z");
  expect(instant("09:00", day, "Europe/Berlin").toISOString()).toBe("2026-03-29T07:00:00.000Z");
});

test("spans of time", () => {
  expect([760, 59.9, 3760, -192].map(span)).toEqual(["12:40", "00:59", "1:02:40", "03:12"]);
});
