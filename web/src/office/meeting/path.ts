/** The way from an empty meeting to a finished file: seven steps, and what each still lacks. Pure. */
import type { Prepared } from "../../protocol";

export const STEPS = ["heading", "people", "agenda", "papers", "cards", "before", "file"] as const;
export type Step = (typeof STEPS)[number];

export function isStep(name: string): name is Step {
  return (STEPS as readonly string[]).includes(name);
}

/** The steps that need nothing more. */
export function done(meeting: Prepared): Set<Step> {
  const { heading, seats, items, documents, phase } = meeting;
  const held = phase !== "before";
  const said: Record<Step, boolean> = {
    heading: Boolean(heading.title && heading.place && heading.starts_at),
    people: seats.some(({ role }) => role === "chair") && seats.some(({ votes }) => votes),
    agenda: items.length > 0,
    papers: documents.length > 0 && documents.every(({ pages, ready }) => ready >= pages),
    cards: Boolean(meeting.cards_url) || held,
    before: held,
    file: phase === "locked",
  };
  return new Set(STEPS.filter((step) => said[step]));
}

export type Lack =
  | "place"
  | "people"
  | "chair"
  | "secretary"
  | "voters"
  | "quorum"
  | "items"
  | "papers"
  | "pages_failed"
  | "pages_waiting"
  | "guests"
  | "address"
  | "past"
  | "help";

export interface Missing {
  what: Lack;
  /** Where it is mended. */
  step: Step;
  /** Without it the meeting cannot go its course. */
  grave: boolean;
  n: number;
}

/** What the doors should not open without, the gravest first. */
export function missing(meeting: Prepared, now: Date): Missing[] {
  const { heading, seats, items, documents } = meeting;
  const people = seats.filter(({ role }) => role !== "screen");
  const has = (role: string): boolean => people.some((seat) => seat.role === role);
  const guests = people.filter(({ role, items }) => role === "guest" && !items.length);
  const failed = documents.filter((paper) => paper.failed > 0);
  const waiting = documents.filter((paper) => paper.ready + paper.failed < paper.pages);
  const quorum = heading.quorum_present >= heading.quorum_total;
  const found: [boolean, Lack, Step, boolean, number?][] = [
    [!people.length, "people", "people", true],
    [people.length > 0 && !has("chair"), "chair", "people", true],
    [people.length > 0 && !people.some(({ votes }) => votes), "voters", "people", true],
    [!quorum, "quorum", "heading", true],
    [!items.length, "items", "agenda", true],
    [!documents.length, "papers", "papers", true],
    [people.length > 0 && !has("secretary"), "secretary", "people", false],
    [failed.length > 0, "pages_failed", "papers", false, failed.length],
    [waiting.length > 0, "pages_waiting", "papers", false, waiting.length],
    [guests.length > 0, "guests", "people", false, guests.length],
    [meeting.address_changed, "address", "cards", false],
    [meeting.phase === "before" && new Date(heading.starts_at) < now, "past", "heading", false],
    [!heading.place.trim(), "place", "heading", false],
    [!heading.help_phone.trim(), "help", "heading", false],
  ];
  return found
    .filter(([lacks]) => lacks)
    .map(([, what, step, grave, n = 1]) => ({ what, step, grave, n }));
}
