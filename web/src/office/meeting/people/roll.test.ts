import { expect, test } from "vitest";

import { aMeeting, aSeat } from "../sample";
import { counted, mended, onRoll, toChange, toLay, wholeOrder } from "./roll";

const chair = aSeat("c", { role: "chair", position: 1 });
const screen = aSeat("w", { role: "screen", position: 2, votes: false });
const guest = aSeat("g", { role: "guest", position: 3, votes: false, items: ["i1"] });

test("the room's screen is on no roll and keeps its place", () => {
  const meeting = aMeeting({ seats: [guest, screen, chair] });
  expect(onRoll(meeting).map(({ id }) => id)).toEqual(["c", "g"]);
  expect(wholeOrder(meeting, ["g", "c"])).toEqual(["g", "w", "c"]);
});

test("who becomes a guest does not vote; who is none any more is invited to no item", () => {
  expect(mended(chair, { role: "guest" }).votes).toBe(false);
  expect(mended(guest, { role: "member", votes: true })).toEqual({
    name: "g",
    post: "",
    role: "member",
    votes: true,
    items: [],
  });
});

test("a mended row is one line in composed letters", () => {
  expect(toChange(chair, { name: " Hòa\n Bình ".normalize("NFD") })).toEqual({
    type: "seat.change",
    seat: "c",
    name: "Hòa Bình",
    post: "",
    role: "chair",
    votes: true,
    items: [],
  });
});

test("the roll is counted", () => {
  expect(counted([chair, guest, screen])).toEqual({ people: 3, voting: 1 });
});

test("of whom was read is sent who they are, not what was noted of them", () => {
  const person = { name: "g", post: "", role: "guest", votes: false } as const;
  expect(toLay([{ ...person, seat: "g", notes: ["name_twice"] }, person])).toEqual([
    { ...person, seat: "g" },
    { ...person, seat: "" },
  ]);
});
