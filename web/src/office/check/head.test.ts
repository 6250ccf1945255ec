import { expect, test } from "vitest";

import { grouped, isWhole, typedHead } from "./head";

test("the room's code is read however it is grouped", () => {
  expect(typedHead(" A1B2-c3d4 e5f6 0718 ")).toBe("a1b2c3d4e5f60718");
  expect(grouped("a1b2c3d4e5f60718")).toBe("a1b2 c3d4 e5f6 0718");
  expect(grouped("")).toBe("");
});

test("it is sent whole or not at all", () => {
  expect(isWhole("")).toBe(true);
  expect(isWhole("a1b2c3d4e5f60718")).toBe(true);
  expect(isWhole("a1b2c3d4")).toBe(false);
  expect(isWhole("a1b2c3d4e5f6071z")).toBe(false);
});
