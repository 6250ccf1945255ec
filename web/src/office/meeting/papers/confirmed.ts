/** Whether a paper may be laid down as it is written. Pure. */
import type { ItemRow } from "../../../protocol";

export interface Written {
  item: string;
  number: string;
  title: string;
}

export type Fault = "lay.item_needed" | "lay.title_needed";

/** What is still to be said of a paper; "" if nothing. */
export function faultOf({ item, number, title }: Written, items: readonly ItemRow[]): Fault | "" {
  if (!items.some(({ id, recess }) => id === item && !recess)) return "lay.item_needed";
  return title.trim() || number.trim() ? "" : "lay.title_needed";
}
