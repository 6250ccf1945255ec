import { expect, test } from "vitest";

import { asText, cellsOf, withoutEmpty, type Cell } from "./pasted";

function cell(text: string, columns = 1, rows = 1): Cell {
  return { text, columns, rows };
}

test("a cell of several lines stays one cell, as Excel writes it", () => {
  const table = [[cell("1"), cell("Lương Minh Khải"), cell('Bí thư,\n"Tỉnh ủy"')]];
  expect(asText(cellsOf(table))).toBe('1\tLương Minh Khải\t"Bí thư,\n""Tỉnh ủy"""');
});

test("cells over several columns and rows keep the others in their columns", () => {
  const table = [
    [cell("Thành viên", 3)],
    [cell("1"), cell("An"), cell("Văn phòng", 1, 2)],
    [cell("2"), cell("Bảo")],
  ];
  expect(cellsOf(table)).toEqual([
    ["Thành viên", "", ""],
    ["1", "An", "Văn phòng"],
    ["2", "Bảo", ""],
  ]);
});

test("a column that was emptied by hand goes with its meaning", () => {
  const rows = [
    ["1", "", "An"],
    ["2", " ", "Bảo"],
  ];
  expect(withoutEmpty(rows, ["number", "ignored", "name"])).toEqual({
    rows: [
      ["1", "An"],
      ["2", "Bảo"],
    ],
    columns: ["number", "name"],
  });
});
