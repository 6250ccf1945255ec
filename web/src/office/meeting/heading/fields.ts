/** The heading as fields to type in, and as the one command that says it whole. Pure. */
import { clock, day } from "../../../parts/time";
import type { ChangeMeeting, HeadingView } from "../../../protocol";
import { partOf, ruleOf } from "../../settings/quorum";
import { oneLine } from "../lines";
import { moment } from "../moment";

export interface Fields {
  title: string;
  day: string;
  time: string;
  place: string;
  presenter: HeadingView["presenter"];
  address_form: HeadingView["address_form"];
  /** Such as "2/3": the least part of all who vote. */
  quorum: string;
  wifi_name: string;
  wifi_password: string;
  help_name: string;
  help_phone: string;
}

export type Fault = "heading.title_needed" | "heading.when_wrong";

export function fieldsOf(heading: HeadingView): Fields {
  const { title, place, presenter, address_form } = heading;
  const { wifi_name, wifi_password, help_name, help_phone } = heading;
  return {
    title,
    day: day(heading.starts_at, heading.zone),
    time: clock(heading.starts_at, heading.zone),
    place,
    presenter,
    address_form,
    quorum: partOf(heading),
    wifi_name,
    wifi_password,
    help_name,
    help_phone,
  };
}

/** The command that makes the heading so, or what is still wrong with it. */
export function toChange(fields: Fields, zone: string, now = new Date()): ChangeMeeting | Fault {
  const { day, time, quorum, title, ...rest } = fields;
  const starts = moment(day, time, zone, now);
  if (!oneLine(title)) return "heading.title_needed";
  if (!starts) return "heading.when_wrong";
  return {
    type: "meeting.change",
    ...rest,
    title: oneLine(title),
    place: oneLine(rest.place),
    starts_at: starts.toISOString(),
    ...ruleOf(quorum),
  };
}
