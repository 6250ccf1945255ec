/** Which warnings the desk shows when there are many. Pure. */
import type { RoomSignal } from "../../protocol";

type Code = RoomSignal["warnings"][number];

/** More than this would push the roll off a phone's screen. */
export const MOST = 2;

/** The smaller, the sooner somebody must do something. */
const RANK: Record<Code, number> = {
  disk_full: 0,
  wifi_lost: 1,
  disk_low: 2,
  machine_may_sleep: 3,
  address_changed: 4,
  limit_waiting: 5,
  limit_cards: 6,
  limit_sockets: 7,
  clock_jump: 8,
};

/** The most urgent first. */
export function foremost(warnings: readonly Code[]): Code[] {
  return [...warnings].sort((one, other) => RANK[one] - RANK[other]).slice(0, MOST);
}
