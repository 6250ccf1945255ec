import { expect, test } from "vitest";

import { anItem, aSeat } from "../sample";
import type { FoundItem } from "./items";
import { invited, missing, named, together } from "./invited";

function found(title: string, guests: string): FoundItem {
  const plain = { number: "", starts: "", ends: "", rapporteur: "", recess: false };
  return { ...plain, title, guests };
}

test("guests are parted by commas, but not within their posts", () => {
  expect(named("Nguyễn Văn Hoà (GĐ Sở Tài chính, Ủy viên), đ/c Châu Ngọc Liên;\n- Kiều Đình Phát")).toEqual([
    { name: "Nguyễn Văn Hoà", post: "GĐ Sở Tài chính, Ủy viên" },
    { name: "Châu Ngọc Liên", post: "" },
    { name: "Kiều Đình Phát", post: "" },
  ]);
  expect(named(" , ")).toEqual([]);
});

test("who is named at two items is one guest of both", () => {
  const laid = [anItem("i1"), anItem("i2")];
  const items = [found("1", "Điểu Thị Xuân"), found("2", "Điểu Thị Xuân (Bí thư), Hà Thế Vinh")];
  expect(invited(items, laid)).toEqual([
    { name: "Điểu Thị Xuân", post: "Bí thư", items: ["i1", "i2"] },
    { name: "Hà Thế Vinh", post: "", items: ["i2"] },
  ]);
});

test("nobody is put to an item when the agenda is another by now", () => {
  expect(invited([found("1", "Hà Thế Vinh")], [])).toEqual([]);
});

test("a guest who is on the roll is not missing; a member of the same name does not count", () => {
  const people = [
    { name: "Hà Thế Vinh", post: "", items: ["i1"] },
    { name: "Nguyễn Văn Hòa", post: "", items: ["i1"] },
  ];
  const seats = [aSeat("g", { name: "hà thế vinh", role: "guest" }), aSeat("m", { name: "Nguyễn Văn Hòa" })];
  expect(missing(people, seats).map(({ name }) => name)).toEqual(["Nguyễn Văn Hòa"]);
});

test("who is typed twice is added once, for both items; another post is another person", () => {
  const people = [
    { name: "Điểu Thị Xuân", post: "Bí thư", items: ["i4"] },
    { name: "điểu thị  xuân ", post: "Bí thư", items: ["i6"] },
    { name: "Điểu Thị Xuân", post: "Kế toán", items: ["i6"] },
    { name: " ", post: "Bí thư", items: ["i6"] },
  ];
  expect(together(people)).toEqual([
    { name: "Điểu Thị Xuân", post: "Bí thư", items: ["i4", "i6"] },
    { name: "Điểu Thị Xuân", post: "Kế toán", items: ["i6"] },
  ]);
});
