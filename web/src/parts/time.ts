/** Times as people in the meeting read them: 24 hours, in the office's zone. Pure. */

const formats = new Map<string, Intl.DateTimeFormat>();

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** "07:45" */
export function clock(at: Date | string, zone: string): string {
  const { hour, minute } = wall(new Date(at), zone);
  return `${two(hour)}:${two(minute)}`;
}

/** "10/12/2026" */
export function day(at: Date | string, zone: string): string {
  const { year, month, day: date } = wall(new Date(at), zone);
  return `${two(date)}/${two(month)}/${String(year)}`;
}

export type Weekday = "0" | "1" | "2" | "3" | "4" | "5" | "6";

/** "0" is Monday. */
export function weekday(at: Date | string, zone: string): Weekday {
  const { year, month, day: date } = wall(new Date(at), zone);
  return String((new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 6) % 7) as Weekday;
}

/** What was typed as a time of day, such as "7:5", "0745" or "7g45", as "07:45"; else null. */
export function typedClock(typed: string): string | null {
  const found = /^\s*(\d{1,2})\s*(?:[:.,hg\s]\s*)?(\d{2})?\s*$/i.exec(typed);
  if (!found) return null;
  const hour = Number(found[1]);
  const minute = Number(found[2] ?? "0");
  return hour < 24 && minute < 60 ? `${two(hour)}:${two(minute)}` : null;
}

/** The instant at which the clock in `zone` shows `time` ("07:45") on the same day as `on`. */
export function instant(time: string, on: Date, zone: string): Date {
  const { year, month, day: date } = wall(on, zone);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const asIfUtc = Date.UTC(year, month - 1, date, hour, minute);
  // Twice, for the two days of the year on which the zone's offset changes.
  const first = asIfUtc - offset(new Date(asIfUtc), zone);
  return new Date(asIfUtc - offset(new Date(first), zone));
}

/** "12:40", or "1:02:40" from an hour on. */
export function span(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${String(hours)}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}

function offset(at: Date, zone: string): number {
  const { year, month, day, hour, minute, second } = wall(at, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000;
}

function wall(at: Date, zone: string): Wall {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
