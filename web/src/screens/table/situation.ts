/** What a table shows when no page is on: where the meeting stands for this person. Pure. */
import { inOrder } from "../../parts/papers";
import type { ItemView, OwnView, View } from "../../protocol";

type Situation =
  | { is: "before" }
  | { is: "item"; id: string; item: ItemView }
  | { is: "no_item" }
  | { is: "between" }
  | { is: "guest_ahead"; item: ItemView }
  | { is: "guest_none" }
  | { is: "thanks" }
  | { is: "closed" };

/** A guest hears of their own items only; anyone else of the meeting's. */
export function situation(view: View, own: OwnView): Situation {
  const { phase } = view.meeting;
  const items = inOrder(view.agenda);
  const on = items.find(([, item]) => item.state === "on");
  if (own.role === "guest") {
    if (phase === "closed") return { is: "thanks" };
    if (on) return { is: "item", id: on[0], item: on[1] };
    const ahead = items.find(([, item]) => !item.state);
    if (ahead) return { is: "guest_ahead", item: ahead[1] };
    return { is: items.length > 0 ? "thanks" : "guest_none" };
  }
  if (phase === "before") return { is: "before" };
  if (phase === "closed") return { is: "closed" };
  if (on) return { is: "item", id: on[0], item: on[1] };
  return { is: items.some(([, item]) => item.state === "done") ? "between" : "no_item" };
}

/** What is said of the papers of a meeting that has closed. */
export function afterwards(view: View): { key: "closed_read" | "collected" | "collected_rest"; count: number } | null {
  const count = view.collected ?? 0;
  const left = inOrder(view.agenda).some(([, { documents }]) => documents !== undefined);
  if (count > 0) return { key: left ? "collected_rest" : "collected", count };
  return left ? { key: "closed_read", count } : null;
}

/** Whether this person can still check themselves in. */
export function mayCheckIn(view: View, own: OwnView): boolean {
  if (view.meeting.phase === "closed" || situation(view, own).is === "thanks") return false;
  return !isHere(own) && own.may.includes("attendance.check_in");
}

/** Whether the roll has this person in the room now; who left or was excused is not. */
export function isHere({ attendance }: OwnView): boolean {
  return attendance === "present" || attendance === "late" || attendance === "returned";
}

/**
 * Where a paper chosen in the agenda opens: at the page where it was left. Null when that is the
 * page on show, or when who presents chose the paper on show: then they follow.
 */
export function opensAt(
  { presented }: View,
  document: string,
  left: number | undefined,
  presents: boolean,
): number | null {
  const page = left ?? 1;
  const onShow = presented?.document === document && (presents || presented.page === page);
  return onShow ? null : page;
}
