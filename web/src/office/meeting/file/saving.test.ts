import { expect, test } from "vitest";

import type { SavingView } from "../../../protocol";
import { isOn, said } from "./saving";

const SAVING = { meeting: "m", stick: "USB", name: "", part: 0, code: "", mb: 0 };

test("a stick stays where it is until the file was read again", () => {
  const states: SavingView["state"][] = ["making", "writing", "reading", "done", "failed"];
  expect(states.map((state) => isOn({ ...SAVING, state }))).toEqual([true, true, true, false, false]);
  expect(isOn(null)).toBe(false);
});

test("each course is said in its words", () => {
  expect([said("making"), said("writing"), said("reading")]).toEqual([
    "file.stick_making",
    "file.stick_writing",
    "file.stick_reading",
  ]);
});
