/** What is proposed of a new meeting: its title, its day; and what was typed as a day. Pure. */
import { instant } from "../../parts/time";
import type { BodyView } from "../../protocol";

/** A day of the calendar. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

/** "Hội nghị Ban Thường vụ Tỉnh ủy, tháng 12/2026" */
export function proposedTitle(body: Pick<BodyView, "word" | "name">, day: Day, of: string): string {
  const called = [body.word, body.name].filter(Boolean).join(" ");
  return called ? `${called}, ${of} ${String(day.month)}/${String(day.year)}` : "";
}

/** What was typed, such as "10/12", "10-12-26" or "10.12.2026", as a day; else null. */
export function typedDay(typed: string, today: Day): Day | null {
  const found = /^\s*(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})(?:\s*[/.\-\s]\s*(\d{4}|\d{2}))?\s*$/.exec(typed);
  if (!found) return null;
  const [day, month] = [Number(found[1]), Number(found[2])];
  const said = found[3];
  const asked = said === undefined ? null : Number(said) + (said.length === 2 ? 2000 : 0);
  const passed = month < today.month || (month === today.month && day < today.day);
  const year = asked ?? today.year + (passed ? 1 : 0);
  const real = new Date(Date.UTC(year, month - 1, day));
  return real.getUTCMonth() === month - 1 && real.getUTCDate() === day ? { year, month, day } : null;
}

/** "10/12/2026" */
export function written({ year, month, day }: Day): string {
  return `${two(day)}/${two(month)}/${String(year)}`;
}

export function later({ year, month, day }: Day, days: number): Day {
  const then = new Date(Date.UTC(year, month - 1, day + days));
  return { year: then.getUTCFullYear(), month: then.getUTCMonth() + 1, day: then.getUTCDate() };
}

/** 0 is Monday. */
export function weekday({ year, month, day }: Day): number {
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}

/** The day it is in `zone`, from "10/12/2026" as `parts/time` writes it. */
export function dayOf(text: string): Day {
  const [day = 1, month = 1, year = 1970] = text.split("/").map(Number);
  return { year, month, day };
}

/** The weeks of a month, Monday first; null where a day belongs to another month. */
export function weeks({ year, month }: Day): (Day | null)[][] {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const before = weekday({ year, month, day: 1 });
  const cells: (Day | null)[] = Array.from({ length: before }, () => null);
  for (let day = 1; day <= days; day += 1) cells.push({ year, month, day });
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** The moment at which the clock in `zone` shows `time` ("07:30") on that day. */
export function moment({ year, month, day }: Day, time: string, zone: string): Date {
  // Noon in the world's middle is the same day in every office's zone we know of.
  return instant(time, new Date(Date.UTC(year, month - 1, day, 12)), zone);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
