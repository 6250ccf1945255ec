/**
 * All times a device goes by, in milliseconds. The first three are the server's and come with the
 * view; until the first one its defaults are assumed. Pure.
 */
import type { TimesView } from "../protocol";

export interface Times {
  /** Without a sign of the server for so long, this device says that it is offline. */
  offline: number;
  /** A page turn older than this is not begun anew; so long the socket may take to answer. */
  perish: number;
  /** What is painted is reported within this, at random, so that not all speak at once. */
  report: number;
  /** How often silence is looked for. */
  tick: number;
  /** A hole of this length in the ticks means that the device slept. */
  slept: number;
  /** After waking, the server has so long to be heard before another connection is tried. */
  wake: number;
  /** So long one attempt to connect may take. */
  open: number;
  /** Between attempts to connect, the last one over and over. */
  backOff: readonly number[];
  /** A revision ahead of ours for this long is a lost patch. */
  doubt: number;
  /** Offline for this long, the person is told what to do. */
  advice: number;
}

export function timesOf({ offline_ms, perish_ms, report_ms }: TimesView): Times {
  return {
    offline: offline_ms,
    perish: perish_ms,
    report: report_ms,
    tick: offline_ms / 24,
    slept: offline_ms / 2,
    wake: offline_ms / 6,
    open: (offline_ms * 2) / 3,
    backOff: [24, 12, 6, 3, 2].map((part) => offline_ms / part),
    doubt: offline_ms / 6,
    advice: (offline_ms * 10) / 3,
  };
}

/** What is assumed before the server has said anything. */
export const TIMES = timesOf({ offline_ms: 6000, perish_ms: 3000, report_ms: 500 });

/** How long the post of a durable command may take. */
export const POST_PATIENCE = 8000;
/** When the server asks for a retry without saying when. */
export const RETRY_AFTER = 1000;
/** Between rounds of trying to bring a command to the server, the last one over and over. */
export const PAUSES: readonly number[] = [300, 1000, 2000, 4000];
/** "Đã kết nối lại" stands for so long. */
export const RESTORED_FOR = 3000;
