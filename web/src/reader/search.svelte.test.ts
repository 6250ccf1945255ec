import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Meeting } from "../live/meeting.svelte";
import type { FoundPaper, FoundView, HitView, View } from "../protocol";
import { Search } from "./search.svelte";

interface Sent {
  text: string;
  shown: string;
  alone: boolean;
}

const hit = (page: number): HitView => ({
  page,
  boxes: [[page, 0, 10, 10]],
  exact: true,
  before: "",
  match: "số",
  after: "",
});

const PAPER: FoundPaper = { document: "d1", version: 2, address: "a1", count: 4, hits: [hit(3), hit(5)] };
const ALL: FoundPaper = { ...PAPER, hits: [hit(1), hit(3), hit(5), hit(9)] };

let asked: Sent[];
let read: string[];
let answers: (FoundView | string)[];
let addresses: string[];

function aMeeting(): Meeting {
  const documents = () =>
    Object.fromEntries(addresses.map((address) => [address, { position: 1, address }]));
  return {
    seat: "s",
    shown: { address: "a7" },
    get view() {
      return { agenda: { i: { documents: documents() } } } as unknown as View;
    },
    read: (document: string, version: number, page: number) => {
      read.push(`${document} v${String(version)} p${String(page)}`);
    },
  } as unknown as Meeting;
}

beforeEach(() => {
  vi.useFakeTimers();
  [asked, read, answers, addresses] = [[], [], [], ["a1", "a7"]];
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body) as Sent);
    const answer = answers.shift() ?? { papers: [] };
    return Promise.resolve(
      typeof answer === "string"
        ? new Response(JSON.stringify({ code: answer, data: {} }), { status: 503 })
        : new Response(JSON.stringify(answer)),
    );
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what is typed is looked for when the fingers rest, from the page on show", async () => {
  const search = new Search(aMeeting());
  for (const typed of ["chu", "chuy", "chuyen doi"]) search.type(typed, false);
  await vi.runAllTimersAsync();
  expect(asked).toEqual([{ text: "chuyen doi", shown: "a7", alone: false }]);
});

test("a word that is still being composed is not looked for half", async () => {
  const search = new Search(aMeeting());
  search.type("chu", false);
  search.type("chuy", true);
  await vi.runAllTimersAsync();
  expect(asked).toEqual([]);
  search.type("chuyển", false);
  await vi.runAllTimersAsync();
  expect(asked.map(({ text }) => text)).toEqual(["chuyển"]);
});

test("of a paper whose right ended nothing that was found is kept", async () => {
  const search = new Search(aMeeting());
  const other = { ...PAPER, document: "d7", address: "a7", count: 1, hits: [hit(1)] };
  answers = [{ papers: [PAPER, other] }];
  search.type("so", false);
  await vi.runAllTimersAsync();
  void search.choose(PAPER, hit(3));
  search.keep(new Set(["a7"]));
  expect([search.found?.view.papers, search.going]).toEqual([[other], null]);
});

test("too little is not looked for, and what was found before goes", async () => {
  const search = new Search(aMeeting());
  answers = [{ papers: [PAPER] }];
  search.type("so", false);
  await vi.runAllTimersAsync();
  expect(search.found?.view.papers).toEqual([PAPER]);
  search.type("s", false);
  await vi.runAllTimersAsync();
  expect([search.found, asked.length]).toEqual([null, 1]);
});

test("a server that is busy is asked again, a lost one is said", async () => {
  const search = new Search(aMeeting());
  answers = ["server_busy", { papers: [PAPER] }];
  search.type("so", false);
  await vi.runAllTimersAsync();
  expect([search.found?.view.papers, asked.length, search.failed]).toEqual([[PAPER], 2, false]);
  answers = ["server_fault"];
  search.look();
  await vi.runAllTimersAsync();
  expect(search.failed).toBe(true);
});

test("papers that are being read yet are looked through again while the sheet is open", async () => {
  const search = new Search(aMeeting());
  search.open();
  answers = [{ papers: [], unread: ["d1"] }, { papers: [PAPER] }];
  search.type("so", false);
  await vi.runAllTimersAsync();
  expect([search.found?.view.papers, asked.length]).toEqual([[PAPER], 2]);
});

test("a chosen hit is gone to, and all of its paper's are gone through, round and round", async () => {
  const search = new Search(aMeeting());
  answers = [{ papers: [PAPER] }, { papers: [ALL] }];
  search.type("so", false);
  await vi.runAllTimersAsync();
  await search.choose(PAPER, PAPER.hits[1] as HitView);
  expect(asked[1]).toEqual({ text: "so", shown: "a1", alone: true });
  expect([search.going?.at, search.going?.paper]).toEqual([2, ALL]);
  search.step(1);
  search.step(1);
  search.step(-1);
  expect(read).toEqual(["d1 v2 p5", "d1 v2 p9", "d1 v2 p1", "d1 v2 p9"]);
  search.end();
  expect(search.going).toBe(null);
});

test("nothing is gone through any more when the paper was taken away", async () => {
  const search = new Search(aMeeting());
  await search.choose({ ...ALL, count: 4 }, ALL.hits[0] as HitView);
  expect(search.going?.at).toBe(0);
  addresses = ["a7"];
  const again = new Search(aMeeting());
  await again.choose(ALL, ALL.hits[0] as HitView);
  expect(again.going).toBe(null);
});
