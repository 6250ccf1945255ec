import { expect, test } from "vitest";

import { emptyOffice, tidy } from "./office";

test("what was typed goes without spaces around it and with composed accents", () => {
  const typed = { ...emptyOffice(), name: " Văn phòng Đảng ủy ".normalize("NFD"), help_phone: "0271 " };
  expect(tidy(typed)).toEqual({
    ...emptyOffice(),
    name: "Văn phòng Đảng ủy",
    help_phone: "0271",
  });
});

test("a password stays as it was typed", () => {
  expect(tidy({ login: " an ", password: " dài " })).toEqual({ login: "an", password: " dài " });
});
