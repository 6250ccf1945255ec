import { expect, test } from "vitest";

import { accepted, meant, refusedUnsent, sized } from "./files";

const file = (path: string, size = 9) => ({ path, name: path.split("/").pop() ?? "", size });

test("what a folder holds besides papers is passed over, and 2 comes before 10", () => {
  const names = ["10.1 Kết luận.pdf", ".DS_Store", "~$2.1.docx", "Thumbs.db", "2.1 Tờ trình.pdf"];
  expect(meant(names.map((name) => file(name))).map(({ name }) => name)).toEqual([
    "2.1 Tờ trình.pdf",
    "10.1 Kết luận.pdf",
  ]);
});

test("files of one folder stay together", () => {
  const paths = ["b.pdf", "NV10/a.pdf", "NV2/c.pdf", "NV2/.DS_Store"];
  expect(meant(paths.map((path) => file(path))).map(({ path }) => path)).toEqual([
    "b.pdf",
    "NV2/c.pdf",
    "NV10/a.pdf",
  ]);
});

test("what cannot become pages is told before it is sent, with the program that can help", () => {
  const names = ["a.PDF", "a.docx", "a.xls", "a.jpg", "a.HEIC", "a.mp4"];
  const files = [...names.map((name) => file(name)), file("a.pdf", 0)];
  expect(files.map((one) => refusedUnsent(one))).toEqual([
    null,
    { code: "file_from_office", data: { program: "Word" } },
    { code: "file_from_office", data: { program: "Excel" } },
    null,
    { code: "file_heic", data: {} },
    { code: "file_not_pdf", data: {} },
    { code: "file_empty", data: {} },
  ]);
});

test("where the server makes PDF of them, office files are sent", () => {
  expect(refusedUnsent(file("a.docx"), true)).toBe(null);
  expect(refusedUnsent(file("a.docx", 0), true)).toEqual({ code: "file_empty", data: {} });
  expect(accepted(true)).toContain(".docx");
  expect(accepted(false)).not.toContain(".docx");
});

test("sizes are said as a file manager says them", () => {
  expect([sized(900), sized(320_000), sized(1_000_000), sized(1_540_000), sized(48_000_000)]).toEqual([
    "0,9 KB",
    "320 KB",
    "1 MB",
    "1,5 MB",
    "48 MB",
  ]);
});
