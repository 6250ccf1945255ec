import { expect, test } from "vitest";
import type { Answer } from "../protocol";
import { Turns, type Turn } from "./turns";

const page = (number: number): Turn => ({
  document: "d1",
  version: 1,
  page: number,
  at: 100 + number,
});

/** A server that answers when told to. */
function slowServer() {
  const given: [number, number, number | null][] = [];
  const answers: ((answer: Answer) => void)[] = [];
  const turns = new Turns((turn, seenRev) => {
    given.push([turn.page, seenRev, turn.at]);
    return new Promise((answered) => answers.push(answered));
  });
  const answer = async (said: Answer) => {
    answers.shift()?.(said);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { turns, given, answer };
}

test("quick taps: one in flight, then the newest as of its tap, on the revision answered", async () => {
  const { turns, given, answer } = slowServer();
  const last = turns.show(page(2), 10);
  const taken = [await turns.show(page(3), 10), await turns.show(page(4), 10)];
  await answer({ status: "committed", rev: 15 });
  await answer({ status: "committed", rev: 16 });

  expect(given).toEqual([
    [2, 10, 102],
    [4, 15, 104],
  ]);
  expect([taken, await last]).toEqual([[null, null], { status: "committed", rev: 16 }]);
});

test("a turn made before the patch of the last one came is on top of the answer", async () => {
  const { turns, given, answer } = slowServer();
  const first = turns.show(page(2), 10);
  await answer({ status: "committed", rev: 15 });
  await first;
  void turns.show(page(3), 10);

  expect(given).toEqual([
    [2, 10, 102],
    [3, 15, 103],
  ]);
});

test("a refusal drops what was wanted after it", async () => {
  const { turns, given, answer } = slowServer();
  const refused: Answer = { status: "rejected", code: "not_presenter", data: {} };
  const first = turns.show(page(2), 10);
  await turns.show(page(3), 10);
  await answer(refused);

  expect(await first).toEqual(refused);
  expect(given).toEqual([[2, 10, 102]]);
});
