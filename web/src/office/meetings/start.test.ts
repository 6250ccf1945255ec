import { expect, test } from "vitest";

import type { MeetingRow, Starts } from "../../protocol";
import { NOTHING, startsOf } from "./start";

const LAST: MeetingRow = {
  id: "m1",
  title: "Hội nghị tháng 11",
  body: "Ban Thường vụ",
  body_id: "btv",
  place: "",
  starts_at: "2026-11-10T00:30:00Z",
  zone: "Asia/Ho_Chi_Minh",
  phase: "locked",
  trial: false,
  trial_of: "",
  people: 31,
  guests: 6,
  items: 9,
  papers: 15,
  file_number: "11",
};
const STARTS: Starts = {
  templates: [
    { id: "t1", body_id: "btv", name: "Thường kỳ", people: 25, guests: 1, items: 7 },
    { id: "t2", body_id: "bch", name: "Toàn thể", people: 50, guests: 0, items: 5 },
  ],
  rolls: { bch: 51 },
};
const FROM = NOTHING.asked;

test("the last meeting of the body comes first, then its templates, then nothing", () => {
  expect(startsOf([LAST], STARTS, "btv")).toEqual([
    {
      key: "m-m1",
      kind: "last",
      name: "Hội nghị tháng 11",
      people: 25,
      items: 9,
      asked: { ...FROM, like: "m1" },
    },
    {
      key: "t-t1",
      kind: "template",
      name: "Thường kỳ",
      people: 24,
      items: 7,
      asked: { ...FROM, template: "t1" },
    },
    NOTHING,
  ]);
});

test("a body that has not met here starts from the roll that was carried here", () => {
  const kinds = startsOf([LAST], STARTS, "bch").map(({ kind, people }) => [kind, people]);
  expect(kinds).toEqual([
    ["carried", 51],
    ["template", 50],
    ["nothing", 0],
  ]);
});

test("where there is nothing to start from, nothing is all there is", () => {
  expect(startsOf([], { templates: [], rolls: {} }, "btv")).toEqual([NOTHING]);
});
