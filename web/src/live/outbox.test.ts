import { expect, test } from "vitest";
import type { Sent } from "../protocol";
import { Kept } from "./kept";
import { Outbox } from "./outbox";

class Shelf {
  readonly things = new Map<string, string>();
  get length() {
    return this.things.size;
  }
  key(index: number) {
    return [...this.things.keys()][index] ?? null;
  }
  getItem(name: string) {
    return this.things.get(name) ?? null;
  }
  setItem(name: string, value: string) {
    this.things.set(name, value);
  }
  removeItem(name: string) {
    this.things.delete(name);
  }
}

const checkIn: Sent = {
  id: "aaaaaaaa",
  command: { type: "attendance.check_in", code: "4821" },
  at: 12.5,
};
const open: Sent = { id: "bbbbbbbb", command: { type: "meeting.open" } };

test("what is not answered is there again after a reload, oldest first", () => {
  const shelf = new Shelf();
  const outbox = new Outbox(new Kept("m1", shelf));
  outbox.add(checkIn);
  outbox.add(open);
  outbox.answered(checkIn.id);
  outbox.add(checkIn);

  expect(new Outbox(new Kept("m1", shelf)).waiting).toEqual([open, checkIn]);
});

test("two tabs of one seat do not write over each other", () => {
  const shelf = new Shelf();
  const [one, other] = [new Outbox(new Kept("m1", shelf)), new Outbox(new Kept("m1", shelf))];
  one.add(open);
  other.add(checkIn);
  const both = new Outbox(new Kept("m1", shelf)).waiting;
  one.answered(open.id);

  expect([both, new Outbox(new Kept("m1", shelf)).waiting]).toEqual([[open, checkIn], [checkIn]]);
});

test("two seats in one browser keep apart, and wiping one leaves the other", () => {
  const shelf = new Shelf();
  new Outbox(new Kept("m1", shelf)).add(checkIn);
  new Outbox(new Kept("m12", shelf)).add(open);
  new Kept("m1", shelf).wipe();

  expect(new Outbox(new Kept("m1", shelf)).waiting).toEqual([]);
  expect(new Outbox(new Kept("m12", shelf)).waiting).toEqual([open]);
});

test("what cannot be read counts as empty", () => {
  const shelf = new Shelf();
  shelf.setItem("phien.m1.outbox.00000001.aaaaaaaa", "{not json");
  shelf.setItem("phien.m1.outbox.00000002.bbbbbbbb", "[]");

  expect(new Outbox(new Kept("m1", shelf)).waiting).toEqual([]);
});

test("a browser that keeps nothing still holds what waits", () => {
  const outbox = new Outbox(new Kept("m1", null));
  outbox.add(open);

  expect(outbox.waiting).toEqual([open]);
});
