import { expect, test } from "vitest";

import { anItem } from "../sample";
import { faultOf, proposedAnew, twins } from "./confirmed";

const ITEMS = [anItem("i1"), anItem("r", { recess: true })];

test("a paper needs an item that is no recess, and a number or a title", () => {
  expect(faultOf({ item: "i1", number: "", title: "Tờ trình" }, ITEMS)).toBe("");
  expect(faultOf({ item: "i1", number: "214-TTr/VPTU", title: " " }, ITEMS)).toBe("");
  expect(faultOf({ item: "i1", number: " ", title: " " }, ITEMS)).toBe("lay.title_needed");
  expect(faultOf({ item: "r", number: "", title: "Tờ trình" }, ITEMS)).toBe("lay.item_needed");
  expect(faultOf({ item: "gone", number: "", title: "Tờ trình" }, ITEMS)).toBe("lay.item_needed");
});

test("a paper that may be secret needs somebody to say that it is not", () => {
  const doubt = { question: "scan", page: 1 } as const;
  const paper = { item: "i1", number: "", title: "Bản đồ", doubt };
  expect(faultOf(paper, ITEMS)).toBe("lay.ordinary_needed");
  expect(faultOf({ ...paper, ordinary: false }, ITEMS)).toBe("lay.ordinary_needed");
  expect(faultOf({ ...paper, ordinary: true }, ITEMS)).toBe("");
});

test("of files that are the same the first is the one that counts", () => {
  const row = (key: string, sha256: string) => ({ key, name: `${key}.pdf`, sha256 });
  const rows = [row("a", "1"), row("b", "2"), row("c", "1"), row("d", ""), row("e", ""), row("f", "1")];
  expect([...twins(rows)]).toEqual([
    ["c", "a.pdf"],
    ["f", "a.pdf"],
  ]);
});

test("a new version proposes what its first page has otherwise, and nothing else", () => {
  const paper = { number: "12-BC/TU", title: "Báo cáo" };
  expect(proposedAnew(paper, { number: "", title: "" })).toBe(null);
  expect(proposedAnew(paper, paper)).toBe(null);
  expect(proposedAnew(paper, { number: "15-BC/TU", title: "" })).toEqual({
    number: "15-BC/TU",
    title: "Báo cáo",
  });
});
