import { expect, test } from "vitest";

import { missing, proposedLogin, unfit } from "./login";

test("a name to sign in with is proposed from the person's", () => {
  expect(proposedLogin("Trần Thị Thùy Dương")).toBe("duongttt");
  expect(proposedLogin("  Đặng Ẩn ")).toBe("and");
  expect(proposedLogin("Điểu K'Rênh")).toBe("renhdk");
  expect(proposedLogin("Hòa")).toBe("hoa");
  expect(proposedLogin("")).toBe("");
});

test("an account wants a name, a login and a password typed twice alike", () => {
  const whole = { name: "An", login: "an", password: "mat khau dai", repeated: "mat khau dai" };
  expect(missing(whole)).toBe("");
  expect(missing({ ...whole, repeated: null })).toBe("");
  expect(missing({ ...whole, name: " " })).toBe("sign.need_name");
  expect(missing({ ...whole, login: "" })).toBe("sign.need_login");
  expect(missing({ ...whole, password: "ngan", repeated: "ngan" })).toBe("sign.short");
  expect(missing({ ...whole, repeated: "mat khau" })).toBe("sign.differ");
  expect(unfit("mat khau dai", "")).toBe("sign.differ");
});
