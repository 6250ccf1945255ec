import { expect, test } from "vitest";

import type { MeetingRow } from "../../protocol";
import { lastOf, ordered } from "./order";

const MEETING: MeetingRow = {
  id: "a",
  title: "Hội nghị",
  body: "Ban Thường vụ",
  body_id: "btv",
  place: "Phòng họp A",
  starts_at: "2026-12-10T07:30:00+07:00",
  zone: "Asia/Ho_Chi_Minh",
  phase: "before",
  trial: false,
  trial_of: "",
  people: 25,
  guests: 0,
  items: 9,
  papers: 4,
  file_number: "",
};
const ROWS: MeetingRow[] = [
  { ...MEETING, id: "far", starts_at: "2027-01-05T07:30:00+07:00" },
  { ...MEETING, id: "near" },
  { ...MEETING, id: "copy", trial: true, trial_of: "near" },
  { ...MEETING, id: "on", phase: "running", starts_at: "2027-02-01T07:30:00+07:00" },
  { ...MEETING, id: "old", phase: "locked", starts_at: "2026-10-01T07:30:00+07:00" },
  { ...MEETING, id: "newer", phase: "closed", starts_at: "2026-11-01T07:30:00+07:00" },
  { ...MEETING, id: "orphan", trial: true, trial_of: "gone", starts_at: "2028-01-01T00:00:00Z" },
];

test("what runs stands apart; the nearest first, of what is over the latest", () => {
  const { running, ahead, past } = ordered(ROWS);
  expect(running.map(({ meeting }) => meeting.id)).toEqual(["on"]);
  expect(ahead.map(({ meeting }) => meeting.id)).toEqual(["near", "far", "orphan"]);
  expect(past.map(({ meeting }) => meeting.id)).toEqual(["newer", "old"]);
});

test("a copy to practise on stands under its meeting", () => {
  const { ahead } = ordered(ROWS);
  const copies = Object.fromEntries(ahead.map((one) => [one.meeting.id, one.trials.map((t) => t.id)]));
  expect(copies).toEqual({ near: ["copy"], far: [], orphan: [] });
});

test("the roll is taken over from the body's last real meeting", () => {
  expect(lastOf(ROWS, "btv")?.id).toBe("on");
  expect(lastOf(ROWS, "bch")).toBeNull();
  expect(lastOf(ROWS.slice(2, 3), "btv")).toBeNull();
});
