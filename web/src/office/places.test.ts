import { expect, test } from "vitest";

import { addressOf, meetingAddress, menuOf, MENU, placeOf } from "./places";

test("an address leads where it says, and everything unknown to the meetings", () => {
  expect(placeOf("/office/")).toEqual({ at: "meetings" });
  expect(placeOf("/office")).toEqual({ at: "meetings" });
  expect(placeOf("/office/settings")).toEqual({ at: "settings" });
  expect(placeOf("/office/m/b7/papers")).toEqual({ at: "meeting", id: "b7", tab: "papers" });
  expect(placeOf("/office/m/b7")).toEqual({ at: "meeting", id: "b7", tab: "" });
  expect(placeOf("/office/m/")).toEqual({ at: "meetings" });
  expect(placeOf("/office/xyz")).toEqual({ at: "meetings" });
  expect(placeOf("/elsewhere/settings")).toEqual({ at: "meetings" });
});

test("each place has its address, which leads back to it", () => {
  for (const at of [...MENU, "new", "password", "forgot"] as const) {
    expect(placeOf(addressOf(at))).toEqual({ at });
  }
  expect(placeOf(meetingAddress("b7", "agenda"))).toEqual({ at: "meeting", id: "b7", tab: "agenda" });
  expect(placeOf(meetingAddress("b7"))).toEqual({ at: "meeting", id: "b7", tab: "" });
});

test("a meeting belongs to the list of meetings", () => {
  expect(menuOf({ at: "meeting", id: "b7", tab: "" })).toBe("meetings");
  expect(menuOf({ at: "new" })).toBe("meetings");
  expect(menuOf({ at: "check" })).toBe("check");
});
