import { describe, expect, it, test } from "vitest";
import { apply } from "./patch";

interface Case {
  name: string;
  old: object;
  new: object;
  patch: Record<string, unknown>;
}

/** The file that also tests the server's half. */
const [cases = []] = Object.values(
  import.meta.glob<Case[]>("../../../tests/cases/merge_patch.json", {
    eager: true,
    import: "default",
  }),
);

test("the cases are there", () => {
  expect(cases.length).toBeGreaterThan(10);
});

describe("a merge patch", () => {
  for (const { name, old, new: wanted, patch } of cases) {
    it(name, () => {
      expect(apply(old, patch)).toEqual(wanted);
    });
  }
});

test("what is patched stays as it was, and untouched rows stay the same objects", () => {
  const before = { a: { x: 1 }, b: { y: 1 } };

  const after = apply(before, { a: { x: 2 } });

  expect(before).toEqual({ a: { x: 1 }, b: { y: 1 } });
  expect(after.b).toBe(before.b);
});

test("a key that means something to the language is a key like any other", () => {
  const patch = JSON.parse('{"__proto__": {"here": true}, "constructor": {"x": 1}}') as object;

  const once = apply({}, patch as Record<string, unknown>);
  const twice = apply(once, JSON.parse('{"__proto__": {"late": true}}') as Record<string, unknown>);

  expect(JSON.stringify(twice)).toBe(
    '{"__proto__":{"here":true,"late":true},"constructor":{"x":1}}',
  );
  expect(({} as Record<string, unknown>)["here"]).toBeUndefined();
});
