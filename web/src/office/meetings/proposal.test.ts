import { expect, test } from "vitest";

import { dayOf, later, moment, proposedTitle, typedDay, weekday, weeks, written } from "./proposal";

const TODAY = { year: 2026, month: 12, day: 9 };

test("the title is the body's word, its name and the month", () => {
  const body = { word: "Hội nghị", name: "Ban Thường vụ Tỉnh ủy" };
  expect(proposedTitle(body, TODAY, "tháng")).toBe("Hội nghị Ban Thường vụ Tỉnh ủy, tháng 12/2026");
  expect(proposedTitle({ word: "", name: "" }, TODAY, "tháng")).toBe("");
});

test("a day is read however it is typed, and one without a year is the next", () => {
  const tenth = { year: 2026, month: 12, day: 10 };
  for (const typed of ["10/12", "10/12/2026", " 10-12-26 ", "10.12.2026", "10 12 2026"]) {
    expect(typedDay(typed, TODAY)).toEqual(tenth);
  }
  expect(typedDay("5/1", TODAY)).toEqual({ year: 2027, month: 1, day: 5 });
  expect(typedDay("9/12", TODAY)).toEqual(TODAY);
  for (const typed of ["", "mai", "31/11", "10/13", "2026-12-10", "10"]) {
    expect(typedDay(typed, TODAY)).toBeNull();
  }
});

test("days follow each other, and each has its name", () => {
  expect(later({ year: 2026, month: 12, day: 31 }, 1)).toEqual({ year: 2027, month: 1, day: 1 });
  expect(weekday({ year: 2026, month: 12, day: 10 })).toBe(3);
  expect(written(dayOf("05/01/2027"))).toBe("05/01/2027");
});

test("a month has whole weeks that begin on Monday", () => {
  const december = weeks(TODAY);
  expect(december.length).toBe(5);
  expect(december[0]?.map((day) => day?.day ?? 0)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(december[4]?.map((day) => day?.day ?? 0)).toEqual([28, 29, 30, 31, 0, 0, 0]);
});

test("the moment is the office's, wherever the browser stands", () => {
  const begins = moment({ year: 2026, month: 12, day: 10 }, "07:30", "Asia/Ho_Chi_Minh");
  expect(begins.toISOString()).toBe("2026-12-10T00:30:00.000Z");
  const late = moment({ year: 2026, month: 12, day: 10 }, "23:30", "Asia/Ho_Chi_Minh");
  expect(late.toISOString()).toBe("2026-12-10T16:30:00.000Z");
});
