import { expect, test } from "vitest";
import type { RollRow, RollView } from "../protocol";
import { Roll } from "./roll";

function aRow(name: string): RollRow {
  return {
    position: 1,
    name,
    post: "",
    role: "member",
    votes: true,
    attendance: "none",
    devices: {},
    card: true,
  };
}

const here = { attendance: "present" };

/** A roll whose fetches are answered when told to, and the names and states last drawn. */
function aRoll() {
  const fetches: ((view: RollView) => void)[] = [];
  let drawn: unknown = null;
  const roll = new Roll(
    () => new Promise((answered) => fetches.push(answered)),
    (rows) => {
      drawn = Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, row.attendance]));
    },
  );
  const answer = (rev: number) => {
    fetches.shift()?.({ rev, roll: { a: aRow("An"), b: aRow("Ân") } });
  };
  return { roll, answer, drawn: () => drawn, fetches: () => fetches.length };
}

test("a patch is applied on top, one seen before is not", async () => {
  const { roll, answer, drawn } = aRoll();
  const loaded = roll.load();
  answer(5);
  await loaded;
  roll.patched({ from: 5, to: 6, patch: {}, roll: { a: here } });
  roll.patched({ from: 4, to: 5, patch: {}, roll: { b: here } });

  expect(drawn()).toEqual({ a: "present", b: "none" });
});

test("patches that come during a fetch wait for it", async () => {
  const { roll, answer, drawn } = aRoll();
  const loaded = roll.load();
  roll.patched({ from: 4, to: 5, patch: {}, roll: { b: here } });
  roll.patched({ from: 5, to: 6, patch: {} });
  roll.patched({ from: 6, to: 7, patch: {}, roll: { a: here } });
  answer(5);
  await loaded;

  expect(drawn()).toEqual({ a: "present", b: "none" });
});

test("a gap is a new fetch, and so is a view newer than the roll", async () => {
  const { roll, answer, fetches } = aRoll();
  const loaded = roll.load();
  answer(5);
  await loaded;
  roll.patched({ from: 8, to: 9, patch: {}, roll: {} });
  const afterGap = fetches();
  const again = roll.load();
  answer(9);
  await again;
  roll.caughtUp(9);
  const afterSame = fetches();
  roll.caughtUp(12);

  expect([afterGap, afterSame, fetches()]).toEqual([1, 0, 1]);
});
