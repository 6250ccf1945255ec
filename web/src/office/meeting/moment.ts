/** A day and a time of day as a secretary types them, and the moment they mean. Pure. */
import { day as dayText, typedClock } from "../../parts/time";
import { dayOf, moment as momentOf, typedDay } from "../meetings/proposal";

/** The moment at which the clock of `zone` shows this; null if either is not understood. */
export function moment(day: string, time: string, zone: string, now: Date): Date | null {
  const on = typedDay(day, dayOf(dayText(now, zone)));
  const at = typedClock(time);
  return on && at ? momentOf(on, at, zone) : null;
}
