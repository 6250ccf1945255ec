import { expect, test } from "vitest";
import { Clock } from "./clock";

test("before the first beacon the server's time is not known", () => {
  const clock = new Clock(0);
  clock.heard(500);

  expect(clock.at(1000)).toBe(null);
});

test("between beacons the server's seconds go on", () => {
  const clock = new Clock(0);
  clock.beacon(120, 4000);

  expect(clock.at(5500)).toBe(121.5);
});

test("silence counts from what was last certain, not from any beacon", () => {
  const clock = new Clock(1000);
  const atStart = clock.silence(3000);
  clock.beacon(7, 4000);
  const afterBeacon = clock.silence(4500);
  clock.heard(6000);

  expect([atStart, afterBeacon, clock.silence(6500)]).toEqual([2000, 3500, 500]);
});
