import { expect, test } from "vitest";

import en from "./en.json";
import { addressAs, preferred, refusal, speak, t } from "./index";
import vi from "./vi.json";

const placeholders = (text: string): string[] =>
  [...new Set(text.match(/\{\w+\}/g) ?? [])].filter((name) => !/you/i.test(name)).sort();

test("both languages have the same keys, in the same order", () => {
  expect(Object.keys(en)).toEqual(Object.keys(vi));
});

test("both languages fill in the same things", () => {
  const said = (words: Record<string, string>) =>
    Object.fromEntries(Object.entries(words).map(([key, text]) => [key, placeholders(text)]));
  expect(said(en)).toEqual(said(vi));
});

test("no text is empty and all are in composed form", () => {
  const texts = [...Object.values(vi), ...Object.values(en)];
  expect(texts.filter((text) => !text.trim() || text !== text.normalize("NFC"))).toEqual([]);
});

test("a text is filled in, and calls the person as the meeting does", () => {
  expect(t("agenda.item", { number: "2" })).toBe("Nội dung 2");
  addressAs("ong_ba");
  expect(t("checkin.done", { time: "07:12" })).toBe("Ông/bà đã điểm danh lúc 07:12.");
  addressAs("dong_chi");
  expect(t("checkin.done", { time: "07:12" })).toBe("Đồng chí đã điểm danh lúc 07:12.");
});

test("an unknown refusal still gets a sentence", () => {
  expect(refusal("devices_full")).toBe(vi["refused.devices_full"]);
  expect(refusal("made_up")).toBe(vi["refused.server_fault"]);
});

test("English is there when asked for", async () => {
  expect(preferred("?lang=en")).toBe("en");
  expect(preferred("")).toBe("vi");
  await speak("en");
  expect(t("desk.admit")).toBe("Admit");
  await speak("vi");
  expect(t("desk.admit")).toBe("Mời vào");
});
