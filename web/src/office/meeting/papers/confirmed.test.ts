import { expect, test } from "vitest";

import { anItem } from "../sample";
import { faultOf } from "./confirmed";

const ITEMS = [anItem("i1"), anItem("r", { recess: true })];

test("a paper needs an item that is no recess, and a number or a title", () => {
  expect(faultOf({ item: "i1", number: "", title: "Tờ trình" }, ITEMS)).toBe("");
  expect(faultOf({ item: "i1", number: "214-TTr/VPTU", title: " " }, ITEMS)).toBe("");
  expect(faultOf({ item: "i1", number: " ", title: " " }, ITEMS)).toBe("lay.title_needed");
  expect(faultOf({ item: "r", number: "", title: "Tờ trình" }, ITEMS)).toBe("lay.item_needed");
  expect(faultOf({ item: "gone", number: "", title: "Tờ trình" }, ITEMS)).toBe("lay.item_needed");
});
