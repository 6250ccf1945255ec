import { expect, test } from "vitest";

import { inOrder, itemName, paperName } from "./papers";

test("a numbered paper is called by its kind and number", () => {
  const names = [
    { number: "214-TTr/VPTU", title: "Tờ trình về dự thảo Nghị quyết" },
    { number: "186-BC/ĐU", title: "Báo cáo kinh tế - xã hội" },
    { number: "12-QĐ/TU", title: "Quyết định" },
    { number: "318-GM/TU", title: "Giấy mời" },
    { number: "Dự thảo lần 3", title: "Nghị quyết lần 3" },
    { number: "5-constructor/TU", title: "Đề án" },
    { number: "tep.pdf", title: "" },
  ].map(paperName);
  expect(names).toEqual([
    "Tờ trình 214",
    "Báo cáo 186",
    "Quyết định 12",
    "Giấy mời",
    "Nghị quyết lần 3",
    "Đề án",
    "tep.pdf",
  ]);
});

test("items are called by number, a recess by its word", () => {
  expect(itemName({ number: "2", title: "Nghị quyết" })).toBe("Nội dung 2");
  expect(itemName({ number: "–", recess: true, title: "Giải lao" })).toBe("Giải lao");
  expect(itemName({ number: "", title: "Khác" })).toBe("Khác");
});

test("rows stand in the order of the meeting", () => {
  const rows = { b: { position: 2 }, a: { position: 10 }, c: { position: 1 } };
  expect(inOrder(rows).map(([id]) => id)).toEqual(["c", "b", "a"]);
});
