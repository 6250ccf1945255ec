import { expect, test } from "vitest";

import { moment } from "./moment";

const ZONE = "Asia/Ho_Chi_Minh";
const NOW = new Date("2026-12-10T05:00:00Z");

test("day and time mean a moment in the office's zone", () => {
  const said = (day: string, time: string) => moment(day, time, ZONE, NOW)?.toISOString();
  expect(said("10/12/2026", "7g30")).toBe("2026-12-10T00:30:00.000Z");
  expect(said("11/12", "0:05")).toBe("2026-12-10T17:05:00.000Z");
});

test("what is no day or no time is no moment", () => {
  expect(moment("31/02/2026", "07:30", ZONE, NOW)).toBeNull();
  expect(moment("10/12/2026", "25:00", ZONE, NOW)).toBeNull();
});
