import { expect, test } from "vitest";

import { fold, matches } from "./fold";

const NAMES = ["Trần Hữu An", "Đoàn Thị Thục Anh", "Cao Xuân Ân", "Vũ Đình Ẩn", "Điểu K'Rênh", "Y Lơi Byă"];

test("marks fall away, in composed and decomposed form alike", () => {
  expect(fold("Đặng Ẩn ưỡ Ỹ Byă")).toBe("dang an uo y bya");
  expect(fold("Nguyễn Văn Hòa".normalize("NFD"))).toBe(fold("Nguyễn Văn Hoà"));
});

test("names are found by the beginnings of their words", () => {
  const found = (typed: string) => NAMES.filter((name) => matches(name, typed));
  expect(found("an")).toEqual(["Trần Hữu An", "Đoàn Thị Thục Anh", "Cao Xuân Ân", "Vũ Đình Ẩn"]);
  expect(found("d")).toEqual(["Đoàn Thị Thục Anh", "Vũ Đình Ẩn", "Điểu K'Rênh"]);
  expect(found("k'ren")).toEqual(["Điểu K'Rênh"]);
  expect(found("bya y")).toEqual(["Y Lơi Byă"]);
  expect(found("")).toEqual(NAMES);
  expect(found("q")).toEqual([]);
});
