import { afterEach, describe, expect, it, test, vi } from "vitest";
import type { Command, RefusalCode, Sent } from "../protocol";
import { postCommand } from "../api";
import { asAnswer, deliver, stamped, type Ways } from "./delivery";

const CHECK_IN: Command = { type: "attendance.check_in", code: "4821" };
const CALL: Command = { type: "followers.call" };
const DONE = { status: "committed", rev: 7 };

/** A world whose socket and post answer what is listed, "lost" taking 3 s and then nothing. */
function world(answers: unknown[], refused: RefusalCode | null = null) {
  let now = 0;
  const tried: string[] = [];
  const way = (name: string) => (sent: Sent) => {
    tried.push(`${name} ${sent.id}`);
    const answer = answers.shift();
    if (answer !== "lost") return Promise.resolve(answer);
    now += 3000;
    return Promise.reject(new Error("lost"));
  };
  const ways: Ways = {
    socket: way("socket"),
    post: way("post"),
    pause: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    now: () => now,
    refusal: () => refused,
  };
  return { ways, tried, time: () => now };
}

describe("a durable command", () => {
  it("is answered by the socket", async () => {
    const { ways, tried } = world([DONE]);

    expect(await deliver({ id: "aaaaaaaa", command: CHECK_IN }, ways)).toEqual(DONE);
    expect(tried).toEqual(["socket aaaaaaaa"]);
  });

  it("is repeated with the same id, by post and socket, until it is answered", async () => {
    const { ways, tried } = world(["lost", "lost", [], "lost", DONE]);

    expect(await deliver({ id: "aaaaaaaa", command: CHECK_IN }, ways)).toEqual(DONE);
    const turns = ["socket", "post", "socket", "post", "socket"];
    expect(tried).toEqual(turns.map((to) => `${to} aaaaaaaa`));
  });

  it("waits as long as the server asks", async () => {
    const { ways, tried, time } = world([{ status: "retry", after_ms: 450 }, DONE]);
    await deliver({ id: "aaaaaaaa", command: CHECK_IN }, ways);

    expect([tried.length, time()]).toEqual([2, 450]);
  });

  it("ends when the device may no longer speak", async () => {
    const { ways } = world(["lost"], "device_revoked");

    expect(await deliver({ id: "aaaaaaaa", command: CHECK_IN }, ways)).toEqual({
      status: "rejected",
      code: "device_revoked",
      data: {},
    });
  });
});

describe("a perishable command", () => {
  it("is repeated while it is fresh", async () => {
    const { ways } = world([undefined, DONE]);

    expect(await deliver({ id: "aaaaaaaa", command: CALL }, ways)).toEqual(DONE);
  });

  it("is asked about once more by post when its acknowledgement is lost", async () => {
    const { ways, tried } = world(["lost", DONE]);

    expect(await deliver({ id: "aaaaaaaa", command: CALL }, ways)).toEqual(DONE);
    expect(tried).toEqual(["socket aaaaaaaa", "post aaaaaaaa"]);
  });

  it("is not known to be done or not when the post is silent too, and is left alone", async () => {
    const { ways, tried } = world(["lost", "lost", DONE]);

    expect(await deliver({ id: "aaaaaaaa", command: CALL }, ways)).toEqual({
      status: "rejected",
      code: "not_known",
      data: {},
    });
    expect(tried.length).toBe(2);
  });

  it("is too late when the server wants a retry beyond 3 s", async () => {
    const { ways, tried } = world([{ status: "retry", after_ms: 3000 }, DONE]);

    expect(await deliver({ id: "aaaaaaaa", command: CALL }, ways)).toEqual({
      status: "rejected",
      code: "too_late",
      data: {},
    });
    expect(tried.length).toBe(1);
  });
});

describe("an answer", () => {
  it("is what has one of the three states the server gives", () => {
    const rejected = { status: "rejected", code: "code_wrong", data: {} };
    const said = [DONE, rejected, [], null, undefined, "ok", {}, { status: "fine" }];

    expect(said.map(asAnswer)).toEqual([DONE, rejected, null, null, null, null, null, null]);
  });
});

describe("an answer by post", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("counts by its status, whatever the number of the response", async () => {
    const replies = [
      [200, DONE],
      [409, { status: "rejected", code: "code_wrong", data: {} }],
      [503, { status: "retry", after_ms: 300 }],
      [403, { code: "device_revoked", data: {} }],
      [200, {}],
    ] as const;
    const answers = [];
    for (const [status, body] of replies) {
      vi.stubGlobal("fetch", () => Promise.resolve(Response.json(body, { status })));
      answers.push(asAnswer(await postCommand("m1", { id: "aaaaaaaa", command: CHECK_IN })));
    }

    expect(answers).toEqual([DONE, replies[1][1], replies[2][1], null, null]);
  });
});

test("a command carries when it was tapped, where the server's time is known", () => {
  const checkIn = { id: "aaaaaaaa", command: CHECK_IN };
  const open: Sent = { id: "bbbbbbbb", command: { type: "meeting.open" } };

  expect([stamped(checkIn, 12.5), stamped(open, 0), stamped(checkIn, null)]).toEqual([
    { ...checkIn, at: 12.5 },
    { ...open, at: 0 },
    checkIn,
  ]);
});
