import { expect, test } from "vitest";

import { planned, tooEarly } from "./planned";

const ZONE = "Asia/Ho_Chi_Minh";

test("the day is told unless it is today, by the office's calendar", () => {
  const at = "2026-12-10T00:30:00Z";
  const told = (now: string) => planned(at, ZONE, new Date(now));
  expect(told("2026-12-09T17:00:00Z")).toBe("07:30");
  expect(told("2026-12-10T16:59:59Z")).toBe("07:30");
  expect(told("2026-12-09T16:59:59Z")).toBe("07:30 ngày 10/12/2026");
  expect(told("2026-12-10T17:00:00Z")).toBe("07:30 ngày 10/12/2026");
});

test("who opens too early is told how many minutes are left, or the time where that is far", () => {
  const at = "2026-12-10T00:30:00Z";
  const told = (now: string) => tooEarly(at, ZONE, new Date(now));
  expect(told("2026-12-10T00:05:30Z")).toBe("Còn 25 phút mới đến giờ. Khai mạc bây giờ?");
  expect(told("2026-12-09T22:59:59Z")).toBe(
    "Hội nghị dự kiến bắt đầu lúc 07:30. Khai mạc bây giờ?",
  );
});
