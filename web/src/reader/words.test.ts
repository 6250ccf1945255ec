import { expect, test } from "vitest";

import { laid } from "./words";

const PAGE = {
  words: ["Tờ", "trình", "214"],
  boxes: [1000, 500, 2000, 700, 2100, 500, 3100, 700, 1000, 1000, 2000, 1200],
  lines: [0, 2],
  blocks: [0, 2],
};

test("words lie where they are printed, paragraph by paragraph", () => {
  const paragraphs = laid(PAGE, 1.5, (word) => word.length / 2);
  expect(paragraphs.map((words) => words.map(({ text }) => text))).toEqual([
    ["Tờ", "trình"],
    ["214"],
  ]);
  expect(paragraphs[0]?.[0]).toEqual({
    text: "Tờ",
    left: 100,
    top: 75,
    height: 30,
    size: 23.400000000000002,
    spacing: (100 - 23.400000000000002) / 2,
  });
});

test("a page without words has no paragraphs", () => {
  const none = { words: [], boxes: [], lines: [], blocks: [] };
  expect(laid(none, 1.4, () => 1)).toEqual([]);
});

test("a word of no width is no wider than it is printed", () => {
  const [[word] = []] = laid({ ...PAGE, words: [""] }, 1.5, () => 0);
  expect(word?.spacing).toBe(100);
});
