/** How the server machine is, said row by row: what is well, and what to do where it is not. Pure. */
import type { MachineView } from "../../protocol";

/** What is looked at, in order. */
export const ROWS = ["network", "disk", "flush", "clock", "sleep", "pages", "office", "apart"] as const;
export type RowName = (typeof ROWS)[number];

export interface Row {
  name: RowName;
  /** Names the sentence: `machine.<name>.<state>`. */
  state: string;
  well: boolean;
  data: Record<string, string | number>;
}

/** Longer (ms) than this for one small write, and check-ins begin to queue. */
const SLOW_FLUSH_MS = 100;

/** The clocks of two machines may differ by so much (ms) before it is worth a word. */
const APART_MS = 90_000;

/** By so much (s) the machine's clock may be set without a word. */
const ASTRAY_SECONDS = 2;

const GIGABYTE = 1e9;

/** Addresses that no other machine can open. */
const LOOPBACK = /^https?:\/\/(127\.|localhost\b|\[::1\])/i;

/** `here`: the clock of the machine this page is open on. */
export function judged(machine: MachineView, here: Date): Row[] {
  return ROWS.map((name) => ({ name, ...JUDGES[name](machine, here) }));
}

type Judge = (machine: MachineView, here: Date) => Omit<Row, "name">;

const JUDGES: Record<RowName, Judge> = {
  network: ({ addresses, url }) => {
    if (!addresses.length) return ill("none", { url });
    return LOOPBACK.test(url) ? ill("here", { url }) : well("well", { url });
  },
  disk: ({ disk_full, disk_low, disk_free_bytes }) => {
    const data = { free: gigabytes(disk_free_bytes) };
    if (disk_full) return ill("full", data);
    return disk_low ? ill("low", data) : well("well", data);
  },
  flush: ({ flush_ms, storing }) => {
    if (flush_ms === null || !storing) return ill("failed");
    const data = { ms: Math.max(1, Math.round(flush_ms)) };
    return flush_ms > SLOW_FLUSH_MS ? ill("slow", data) : well("well", data);
  },
  clock: ({ now, astray_seconds }, here) => {
    if (Math.abs(astray_seconds) > ASTRAY_SECONDS) {
      return ill("astray", { seconds: Math.round(Math.abs(astray_seconds)) });
    }
    const apart = Math.abs(Date.parse(now) - here.getTime());
    return apart > APART_MS ? ill("apart", { minutes: Math.round(apart / 60_000) }) : well("well");
  },
  sleep: ({ sleep }) => (sleep === "failed" ? ill("failed") : well(sleep)),
  // Where the system lets less be given up, nobody here can mend it: it is said, and no fault.
  apart: ({ confined }) => well(confined.length ? "well" : "none"),
  // The office's own program saves them as PDF just as well.
  office: ({ office_files }) => well(office_files),
  pages: ({ pages_waiting }) => {
    return pages_waiting ? well("waiting", { n: pages_waiting }) : well("well");
  },
};

function well(state: string, data: Row["data"] = {}): Omit<Row, "name"> {
  return { state, well: true, data };
}

function ill(state: string, data: Row["data"] = {}): Omit<Row, "name"> {
  return { state, well: false, data };
}

/** "12,4": as many gigabytes, written as people here write them. */
export function gigabytes(bytes: number): string {
  const tenths = Math.round((bytes / GIGABYTE) * 10) / 10;
  return (tenths >= 100 ? Math.round(tenths) : tenths).toString().replace(".", ",");
}
