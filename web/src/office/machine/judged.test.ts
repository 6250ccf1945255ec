import { expect, test } from "vitest";

import vi from "../../i18n/office/shell.vi.json";
import type { MachineView } from "../../protocol";
import { judged, ROWS } from "./judged";

const NOW = "2026-12-09T12:00:00Z";
const MACHINE: MachineView = {
  version: "1.0.0",
  system: "Windows",
  url: "http://192.168.1.105",
  other_urls: [],
  addresses: ["192.168.1.105"],
  database: "sqlite",
  disk_free_bytes: 12_430_000_000,
  disk_low: false,
  disk_full: false,
  flush_ms: 3.6,
  storing: true,
  now: NOW,
  zone: "Asia/Ho_Chi_Minh",
  astray_seconds: 0.1,
  sleep: "may",
  running_seconds: 60,
  meetings: 1,
  meetings_on: [],
  devices: 0,
  workers: 2,
  pages_waiting: 0,
  office_files: "well",
  confined: ["memory", "time"],
  errors: [],
};

const states = (change: Partial<MachineView>, here = NOW): Record<string, string> =>
  Object.fromEntries(
    judged({ ...MACHINE, ...change }, new Date(here)).map((row) => [
      row.name,
      row.well ? row.state : `${row.state}!`,
    ]),
  );

test("a machine that is well says so, with its figures", () => {
  expect(states({})).toEqual({
    network: "well",
    disk: "well",
    flush: "well",
    clock: "well",
    sleep: "may",
    pages: "well",
    office: "well",
    apart: "well",
  });
  const rows = judged(MACHINE, new Date(NOW));
  expect(rows.map(({ data }) => data)).toEqual([
    { url: "http://192.168.1.105" },
    { free: "12,4" },
    { ms: 4 },
    {},
    {},
    {},
    {},
    {},
  ]);
});

test.each([
  ["network", { addresses: [] }, "none!"],
  ["network", { url: "http://127.0.0.1:8080" }, "here!"],
  ["disk", { disk_low: true }, "low!"],
  ["disk", { disk_low: true, disk_full: true }, "full!"],
  ["flush", { flush_ms: 240 }, "slow!"],
  ["flush", { flush_ms: null }, "failed!"],
  ["flush", { storing: false }, "failed!"],
  ["clock", { astray_seconds: -40 }, "astray!"],
  ["clock", { now: "2026-12-09T12:05:00Z" }, "apart!"],
  ["sleep", { sleep: "failed" as const }, "failed!"],
  ["sleep", { sleep: "kept" as const }, "kept"],
  ["pages", { pages_waiting: 12 }, "waiting"],
  ["office", { office_files: "none" as const }, "none"],
  ["office", { office_files: "other_typefaces" as const }, "other_typefaces"],
  ["apart", { confined: [] }, "none"],
])("of %s: what there is to say when %o", (name, change, state) => {
  expect(states(change)[name]).toBe(state);
});

test("each thing that can be said has its sentence", () => {
  const said = Object.keys(vi).filter((key) => /^machine\.\w+\.\w+$/.test(key));
  const named = (name: string): string[] => said.filter((key) => key.startsWith(`machine.${name}.`));
  for (const name of ROWS) expect(named(name).length).toBeGreaterThan(1);
});
