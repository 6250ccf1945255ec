import { expect, test } from "vitest";

import { Kept } from "../../live/kept";
import { Drafts, isTable, isText } from "./drafts";

class Memory implements Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length"> {
  readonly #all = new Map<string, string>();
  get length(): number {
    return this.#all.size;
  }
  getItem(key: string): string | null {
    return this.#all.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#all.set(key, value);
  }
  removeItem(key: string): void {
    this.#all.delete(key);
  }
  key(index: number): string | null {
    return [...this.#all.keys()][index] ?? null;
  }
}

test("a half-typed table survives, for its own meeting only", () => {
  const store = new Memory();
  const of = (meeting: string) => new Drafts(meeting, new Kept(meeting, store));
  of("m1").put("roll", [["1", "An"]]);
  expect(of("m1").get("roll", isTable)).toEqual([["1", "An"]]);
  expect(of("m2").get("roll", isTable)).toBeNull();
  of("m1").drop("roll");
  expect(of("m1").get("roll", isTable)).toBeNull();
});

test("what does not look as it should is as if it were not there", () => {
  const store = new Memory();
  const drafts = new Drafts("m1", new Kept("m1", store));
  drafts.put("roll", { rows: 3 });
  expect([drafts.get("roll", isTable), drafts.get("roll", isText)]).toEqual([null, null]);
  store.setItem("phien.m1.roll", "{half");
  expect(drafts.get("roll", isTable)).toBeNull();
});
