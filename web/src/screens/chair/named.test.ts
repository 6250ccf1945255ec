import { expect, test } from "vitest";

import type { RollRow } from "../../protocol";
import { missing, named } from "./named";

function row(name: string): RollRow {
  const attendance = "present";
  return { position: 1, name, post: "", role: "member", votes: true, attendance, devices: {}, card: true };
}

const ROLL = { a: row("Cao Xuân Ân"), b: row("Điểu K'Rênh"), c: row("Y Lơi Byă"), d: row("Hồ Sỹ Quý") };

test("a few are named, the rest are counted", () => {
  expect(named(["b"], ROLL)).toBe("Điểu K'Rênh");
  expect(named(["a", "b", "c", "d"], ROLL)).toBe("Cao Xuân Ân, Điểu K'Rênh, Y Lơi Byă +1");
});

test("only who should be here, and has a name, is missed", () => {
  const roll = { ...ROLL, e: row(""), f: { ...row("Mai Trọng Nghĩa"), attendance: "left" as const } };
  expect(missing(["a", "e", "f", "screen"], roll)).toEqual(["a"]);
  expect(missing(["a"], null)).toEqual([]);
});

test("who is on no roll, and an unknown roll, give no name", () => {
  expect(named(["screen", "a"], ROLL)).toBe("Cao Xuân Ân");
  expect(named(["a"], null)).toBe("");
});
