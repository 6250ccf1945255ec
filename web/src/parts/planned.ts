/** When something is planned, in words: the day too where it is not today's. */
import { t } from "../i18n";
import { clock, day } from "./time";

/** "07:30", or "07:30 ngày 10/12/2026" on any other day. */
export function planned(at: string, zone: string, now: Date): string {
  const time = clock(at, zone);
  const on = day(at, zone);
  return on === day(now, zone) ? time : t("part.on_day", { time, day: on });
}

/** Up to so many minutes ahead are counted; a start further off is named. */
const COUNTED_MINUTES = 90;

/** What is asked of who opens before the planned time. */
export function tooEarly(at: string, zone: string, now: Date): string {
  const minutes = Math.ceil((new Date(at).getTime() - now.getTime()) / 60_000);
  if (minutes <= COUNTED_MINUTES) return t("chair.early_minutes", { minutes });
  return t("chair.early_text", { time: planned(at, zone, now) });
}
