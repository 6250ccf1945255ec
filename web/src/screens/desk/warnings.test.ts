import { expect, test } from "vitest";
import { foremost } from "./warnings";

test("what somebody must do something about comes first, and no more than two are shown", () => {
  const found = [
    foremost([]),
    foremost(["limit_cards"]),
    foremost(["clock_jump", "limit_cards", "disk_full", "wifi_lost"]),
  ];

  expect(found).toEqual([[], ["limit_cards"], ["disk_full", "wifi_lost"]]);
});
