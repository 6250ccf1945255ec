import { expect, test } from "vitest";

import { needed, partOf, PARTS, ruleOf } from "./quorum";

test("a rule is read as the part of all who vote", () => {
  expect(partOf({ quorum_present: 3, quorum_total: 2 })).toBe("2/3");
  expect(ruleOf("2/3")).toEqual({ quorum_present: 3, quorum_total: 2 });
  expect(PARTS.map((part) => partOf(ruleOf(part)))).toEqual([...PARTS]);
});

test("so many must be there, whole people", () => {
  const twoThirds = ruleOf("2/3");
  expect([15, 16, 25].map((voting) => needed(twoThirds, voting))).toEqual([10, 11, 17]);
  expect(needed(ruleOf("1/1"), 15)).toBe(15);
  expect(needed(ruleOf("1/2"), 15)).toBe(8);
});
