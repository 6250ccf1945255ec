import { expect, test } from "vitest";

import { isWhole, typedHead } from "./head";

test("the room's code is read however it is grouped", () => {
  expect(typedHead(" Q7XM-a2zp kt5w ogil ")).toBe("q7xma2zpkt5wogil");
});

test("it is sent whole or not at all", () => {
  expect(isWhole("")).toBe(true);
  expect(isWhole(typedHead("q7xm-a2zp-kt5w-ogil"))).toBe(true);
  expect(isWhole("q7xma2zp")).toBe(false);
  expect(isWhole("q7xma2zpkt5wogilq")).toBe(false);
});
