import { expect, test } from "vitest";

import editorEn from "./editor.en.json";
import editorVi from "./editor.vi.json";
import { coded, refusal, speak, t } from "./index";
import shellEn from "./shell.en.json";
import shellVi from "./shell.vi.json";

type Texts = Record<string, string>;

const PAIRS: [string, Texts, Texts][] = [
  ["shell", shellVi, shellEn],
  ["editor", editorVi, editorEn],
];

const placeholders = (text: string): string[] =>
  [...new Set(text.match(/\{\w+\}/g) ?? [])].filter((name) => !/you/i.test(name)).sort();

test.each(PAIRS)("both languages say the same things: %s", (_, vi, en) => {
  expect(Object.keys(en)).toEqual(Object.keys(vi));
  const filled = (texts: Texts) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, placeholders(text)]));
  expect(filled(en)).toEqual(filled(vi));
});

test.each(PAIRS)("no text is empty and all are in composed form: %s", (_, vi, en) => {
  const texts = [...Object.values(vi), ...Object.values(en)];
  expect(texts.filter((text) => !text.trim() || text !== text.normalize("NFC"))).toEqual([]);
});

test("the two files share no key", () => {
  expect(Object.keys(shellVi).filter((key) => key in editorVi)).toEqual([]);
});

test("the office's own sentence comes before the one everybody reads", () => {
  expect(refusal("not_signed_in")).toBe(shellVi["refused.not_signed_in"]);
  expect(refusal("sign_in_wait", { seconds: 4 })).toContain("Chờ 4 giây");
  expect(refusal("code_wrong")).toContain("Số chưa đúng");
  expect(t("part.cancel")).toBe("Để sau");
});

test("a code this version does not know gets the sentence given for that", () => {
  expect(coded("act", "office.created", "act.unknown", { by: "An" })).toBe("An tạo văn phòng.");
  expect(coded("act", "made.up", "act.unknown", { by: "An" })).toContain("An");
});

test("English is there when asked for", async () => {
  await speak("en");
  expect(t("nav.meetings")).toBe("Meetings");
  expect(t("part.cancel")).not.toBe("Để sau");
  await speak("vi");
});
