/** Rules for when enough are present, as a body sets them. Pure. */

/** Enough when `present` x those present >= `total` x all who vote. */
export interface Rule {
  quorum_present: number;
  quorum_total: number;
}

/** The usual ones, as parts of all who vote. */
export const PARTS = ["1/2", "2/3", "3/4", "4/5", "1/1"] as const;

/** "2/3": the least part of all who vote. */
export function partOf({ quorum_present, quorum_total }: Rule): string {
  return `${String(quorum_total)}/${String(quorum_present)}`;
}

export function ruleOf(part: string): Rule {
  const [total = 2, present = 3] = part.split("/").map(Number);
  return { quorum_present: present, quorum_total: total };
}

/** How many of `voting` must be there. */
export function needed({ quorum_present, quorum_total }: Rule, voting: number): number {
  return Math.ceil((voting * quorum_total) / quorum_present);
}
