import { expect, test } from "vitest";

import { aMeeting } from "../sample";
import { fieldsOf, toChange } from "./fields";

const { heading } = aMeeting();
const NOW = new Date("2026-12-09T12:00:00Z");

test("the heading reads as fields in the office's time, and says itself again", () => {
  const fields = fieldsOf(heading);
  expect([fields.day, fields.time, fields.quorum]).toEqual(["10/12/2026", "07:30", "2/3"]);
  expect(toChange(fields, heading.zone, NOW)).toEqual({
    type: "meeting.change",
    title: "Hội nghị",
    place: "Phòng họp A",
    starts_at: "2026-12-10T00:30:00.000Z",
    presenter: "secretary",
    address_form: "dong_chi",
    wifi_name: "Phong hop",
    wifi_password: "12345678",
    help_name: "chị Dương",
    help_phone: "0271 555 0148",
    quorum_present: 3,
    quorum_total: 2,
  });
});

test("a heading without title, day or time is not sent", () => {
  const fields = fieldsOf(heading);
  expect(toChange({ ...fields, title: "  " }, heading.zone, NOW)).toBe("heading.title_needed");
  expect(toChange({ ...fields, day: "31/02/2026" }, heading.zone, NOW)).toBe("heading.when_wrong");
  expect(toChange({ ...fields, time: "" }, heading.zone, NOW)).toBe("heading.when_wrong");
});
