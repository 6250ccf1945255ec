/**
 * The load: many devices on one thread, told what to do line by line (JSON) on standard input.
 * A line `{n, do, …}` is answered by `{n, ok}` or `{n, error}`; several may run at a time.
 */
import { randomBytes } from "node:crypto";
import readline from "node:readline";
import { Device } from "./device.mjs";

const TURN_MOST_MS = 20_000;

const devices = [];
let where = { host: "127.0.0.1", port: 0 };
/** What the room waits for: the page, how many devices still lack it, and who to tell. */
let turn = null;
let shown = -1;
let stopping = false;

const rest = (ms) => new Promise((done) => setTimeout(done, ms));
const chosen = (places) => places.map((place) => devices[place]);

function onPage(device) {
  device.pageAt = performance.now();
  if (turn === null || device.page !== turn.page || !turn.waiting.delete(device)) return;
  turn.firstAt ??= device.pageAt;
  if (turn.waiting.size === 0) turn.arrived(device.pageAt);
}

async function joinAll(joining, atOnce, onIn = () => {}) {
  const queue = [...joining];
  const each = [];
  const one = async () => {
    for (let device = queue.pop(); device; device = queue.pop()) {
      const began = performance.now();
      await device.join(where.host, where.port);
      device.onGone = null;
      each.push(performance.now() - began);
      onIn(device);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: Math.min(atOnce, joining.length) }, one));
  return { ms: performance.now() - began, each };
}

const work = {
  /** Make these devices and have them join, so many at a time. */
  async connect({ host, port, devices: made, at_once: atOnce = 50 }) {
    where = { host, port };
    const joining = made.map((given) => Object.assign(new Device(given), { onPage }));
    devices.push(...joining);
    return joinAll(joining, atOnce);
  },

  /**
   * The chair turns pages: each turn `pause_ms` after the one before was everywhere. Gives for
   * each the time from the chair's sending to the first and the last of `readers`, and to the
   * chair's answer.
   * Ends after `count` turns, or when told to `stop`.
   */
  async turns({ chair: place, readers, count = Infinity, pause_ms: pause, document, pages }) {
    const chair = devices[place];
    const [first, last, answered] = [[], [], []];
    stopping = false;
    if (shown < 0) shown = chair.page;
    while (last.length < count && !stopping) {
      await rest(pause);
      const page = shown >= 1 && shown < pages ? shown + 1 : 1;
      const body = {
        id: randomBytes(8).toString("hex"),
        command: { type: "page.show", document, version: 1, page },
        at: chair.beacon.t + (performance.now() - chair.beaconAt) / 1000,
        if_rev: chair.rev,
      };
      const waiting = new Set(chosen(readers));
      waiting.delete(chair);
      let timer;
      const everywhere = new Promise((resolve, reject) => {
        turn = { page, waiting, arrived: resolve };
        timer = setTimeout(() => {
          reject(new Error(`${waiting.size} devices did not get page ${page}`));
        }, TURN_MOST_MS);
      });
      const began = performance.now();
      const answer = chair.ask("command", body).then((said) => [said, performance.now()]);
      const [said, answeredAt] = await Promise.race([answer, everywhere.then(() => answer)]);
      if (said.status !== "committed") throw new Error(`turn refused: ${JSON.stringify(said)}`);
      answered.push(answeredAt - began);
      last.push((await everywhere) - began);
      first.push(turn.firstAt - began);
      clearTimeout(timer);
      turn = null;
      shown = page;
      while (chair.page !== page && chair.open) await rest(1);
    }
    return { first, last, answered };
  },

  stop() {
    stopping = true;
  },

  /** Each of these devices gives this command once, evenly spread over so many ms. */
  async commands({ devices: places, over_ms: over, command }) {
    const began = performance.now();
    const each = [];
    const answers = {};
    await Promise.all(
      chosen(places).map(async (device, place) => {
        await rest((over * place) / places.length);
        const id = randomBytes(8).toString("hex");
        const asked = performance.now();
        answers[id] = await device.ask("command", { id, command });
        each.push(performance.now() - asked);
      }),
    );
    return { ms: performance.now() - began, each, answers };
  },

  cut({ devices: places }) {
    for (const device of chosen(places)) device.cut();
  },

  /**
   * They all come back at once. `late` of them joined with another page than the room had then
   * or was just turning to.
   */
  async back({ devices: places }) {
    let late = 0;
    const joining = chosen(places);
    const done = await joinAll(joining, joining.length, (device) => {
      late += device.page !== shown && device.page !== turn?.page ? 1 : 0;
    });
    return { ...done, late };
  },

  deafen({ devices: places, deaf }) {
    for (const device of chosen(places)) device.deafen(deaf);
  },

  /** How it stands: who is connected, who shows the page the room has, bytes that came. */
  state() {
    return {
      open: devices.map((device) => device.open),
      right: devices.map((device) => device.page === shown),
      wire_bytes: devices.map((device) => device.wireBytes),
      patches: devices.map((device) => device.patches),
      digits: devices.find((device) => device.signal)?.signal.digits ?? "",
    };
  },
};

readline.createInterface({ input: process.stdin }).on("line", async (line) => {
  const { n, do: what, ...given } = JSON.parse(line);
  let answer;
  try {
    answer = { n, ok: (await work[what](given)) ?? {} };
  } catch (error) {
    answer = { n, error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}).on("close", () => process.exit(0));
