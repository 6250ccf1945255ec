import { expect, test } from "vitest";
import { keptSeal } from "./seal";

function pocket() {
  const things = new Map<string, string>();
  return {
    get: (name: string) => things.get(name) ?? null,
    put: (name: string, value: string) => void things.set(name, value),
  };
}

const closed = { seal: "aaaa-bbbb-cccc-dddd", closed_at: "2026-12-10T04:30:00Z" };

test("nothing is kept before the close", () => {
  expect([keptSeal(pocket()), keptSeal(pocket(), {})]).toEqual(["", ""]);
});

test("what was heard at the close is known again without the server", () => {
  const kept = pocket();
  keptSeal(kept, closed);

  expect([keptSeal(kept), keptSeal(kept, {})]).toEqual([closed.seal, closed.seal]);
});

test("another seal of the same close does not take its place", () => {
  const kept = pocket();
  keptSeal(kept, closed);

  expect(keptSeal(kept, { ...closed, seal: "eeee-ffff-gggg-hhhh" })).toBe(closed.seal);
});

test("a meeting closed anew has a new one", () => {
  const kept = pocket();
  keptSeal(kept, closed);
  const anew = { seal: "eeee-ffff-gggg-hhhh", closed_at: "2026-12-10T05:00:00Z" };

  expect([keptSeal(kept, anew), keptSeal(kept)]).toEqual([anew.seal, anew.seal]);
});
