import { expect, test } from "vitest";
import type { DocumentView, View } from "../protocol";
import { readable } from "./readable";

const paper = (position: number, number: string, pages: number, title = ""): DocumentView => ({
  position,
  number,
  title: title || number,
  version: 1,
  pages,
  address: `address-${number || title}`,
});
const SUBMISSION = paper(1, "214-TTr/VPTU", 12);
const REPORT = paper(2, "186-BC/ĐU", 8);
const LONG = paper(3, "", 30, "Danh sách các cơ quan, đơn vị và cá nhân được đề nghị");

function viewOf(...papers: DocumentView[]): View {
  const documents = Object.fromEntries(papers.map((one) => [one.address, one]));
  const item = { position: 1, number: "1", title: "", state: "on", recess: false, documents };
  return { agenda: { i1: item } } as unknown as View;
}

const held = (of: DocumentView, ...pages: number[]) =>
  pages.map((page) => ({ address: of.address, page }));

test("a paper is named with the pages that are there", () => {
  const view = viewOf(SUBMISSION);
  const said = [[5, 6, 7, 8], [9, 1, 2, 8], [4], [1, 3, 5, 7]].map((pages) =>
    readable(view, held(SUBMISSION, ...pages), undefined),
  );

  expect(said).toEqual([
    "Tờ trình 214 trang 5–8",
    "Tờ trình 214 trang 1–2, 8–9",
    "Tờ trình 214 trang 4",
    "Tờ trình 214 trang 1, 3, 5…",
  ]);
});

test("the paper on show comes first, a whole one is called so", () => {
  const pages = [...held(SUBMISSION, 1), ...held(REPORT, 1, 2, 3, 4, 5, 6, 7, 8)];

  expect(readable(viewOf(SUBMISSION, REPORT), pages, REPORT.address)).toBe(
    "Báo cáo 186 cả 8 trang; Tờ trình 214 trang 1",
  );
});

test("long titles are cut at a word, and many papers counted", () => {
  const more = [paper(4, "1-KH/TU", 1), paper(5, "2-KH/TU", 1)];
  const all = [LONG, SUBMISSION, REPORT, ...more];

  expect(readable(viewOf(...all), all.flatMap((one) => held(one, 1)), LONG.address)).toBe(
    "Danh sách các cơ quan, đơn vị và cá… trang 1; Tờ trình 214 trang 1; Báo cáo 186 trang 1 " +
      "và 2 tài liệu khác",
  );
});

test("what is held of no paper in the view is not named", () => {
  expect(readable(viewOf(SUBMISSION), held(REPORT, 1), undefined)).toBe("");
});
