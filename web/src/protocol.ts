// GENERATED from meeting/protocol by `meeting types | node web/types.mjs`. Do not edit.

export type Answer = Committed | Rejected | Retry;
export type Command =
  | CreateMeeting
  | AddSeat
  | AddItem
  | AddDocument
  | NoteRefusedFile
  | OpenMeeting
  | CloseMeeting
  | StartItem
  | ShowPage
  | TakePresenting
  | GivePresenting
  | CallFollowers
  | CheckIn
  | MarkAttendance
  | CorrectAttendance
  | ClaimDevice
  | AdmitDevices
  | DeclineDevice
  | RevokeDevice
  | ReissueCard
  | RevokeCard;
export type DownSignal = RoomSignal | CodeSignal | Leave | Bye;
export type RefusalCode =
  | "malformed"
  | "unknown_type"
  | "not_signed_in"
  | "not_allowed"
  | "wrong_phase"
  | "too_late"
  | "id_reused"
  | "not_presenter"
  | "item_not_on"
  | "item_unknown"
  | "item_recess"
  | "document_unknown"
  | "page_unknown"
  | "seat_unknown"
  | "seat_exists"
  | "seat_without_roll"
  | "own_seat"
  | "name_needed"
  | "attendance_unchanged"
  | "attendance_reason_needed"
  | "attendance_time_wrong"
  | "attendance_correct_instead"
  | "code_needed"
  | "code_wrong"
  | "code_paused"
  | "card_unknown"
  | "card_revoked"
  | "device_unknown"
  | "device_revoked"
  | "devices_full"
  | "not_waiting"
  | "waiting_full"
  | "file_too_large"
  | "file_not_pdf"
  | "file_broken"
  | "file_locked"
  | "file_too_many_pages"
  | "file_empty"
  | "file_missing"
  | "file_unreadable"
  | "page_failed"
  | "page_timeout"
  | "rehearsal_on"
  | "rehearsal_not_now"
  | "rehearsal_unknown"
  | "disk_low"
  | "disk_full"
  | "server_busy"
  | "server_fault";
export type UpSignal = Shows | Idle;

/**
 * Lay a paper, already taken in and counted, under an item.
 *
 * `address` is made of 128 random bits; its pages are served under it.
 */
export interface AddDocument {
  type: "document.add";
  document: string;
  item: string;
  number: string;
  title: string;
  sha256: string;
  pages: number;
  address: string;
}
/**
 * Put an item at the end of the agenda. `limited_to`: only these seats may read its papers.
 */
export interface AddItem {
  type: "item.add";
  item: string;
  number: string;
  title: string;
  starts?: string | "";
  ends?: string | "";
  rapporteur?: string | "";
  recess?: boolean;
  limited_to?: string[];
}
/**
 * Give a person a place in this meeting. Guests name the items they are invited to.
 */
export interface AddSeat {
  type: "seat.add";
  seat: string;
  name: string;
  post: string;
  role: "chair" | "guest" | "member" | "minute_taker" | "screen" | "secretary" | "technician";
  votes?: boolean;
  items?: string[];
}
/**
 * Mời vào: waiting devices become devices of the seats they chose, and check in.
 */
export interface AdmitDevices {
  type: "device.admit";
  devices: string[];
}
/**
 * Done and stored. `rev` is the head of the log after it.
 */
export interface Committed {
  status: "committed";
  rev: number;
}
/**
 * Not done, and repeating will not change that. `code` names the sentence to show.
 */
export interface Rejected {
  status: "rejected";
  code: string;
  data: {
    [k: string]: string | number;
  };
}
/**
 * Not done; ask again with the same id after so many milliseconds.
 */
export interface Retry {
  status: "retry";
  after_ms: number;
}
/**
 * Down `beacon`, every 2 s: the revision everybody should have, the server's seconds, and
 * the number of the newest `own` of this seat.
 */
export interface BeaconMessage {
  rev: number;
  t: number;
  n: number;
}
/**
 * Down, to everybody: the server stops on purpose; come back in about so long.
 */
export interface Bye {
  type: "bye";
  after_ms: number;
}
/**
 * Mời tất cả về trang này.
 */
export interface CallFollowers {
  type: "followers.call";
}
/**
 * A seat's card, fetched by its owner or the desk: link, its QR (SVG), six digits.
 */
export interface CardView {
  seat: string;
  name: string;
  link: string;
  qr: string;
  digits: string;
}
/**
 * I am here. `code` is what the room screen showed: four digits, or the scanned code.
 */
export interface CheckIn {
  type: "attendance.check_in";
  code?: string;
}
/**
 * This device serves the seat whose card it holds. Asked by tapping, never by opening.
 */
export interface ClaimDevice {
  type: "device.claim";
  device: string;
  kind: "computer" | "phone" | "screen" | "tablet";
}
/**
 * Bế mạc.
 */
export interface CloseMeeting {
  type: "meeting.close";
}
/**
 * Down, to the room screen: the check-in code on show, and how to come in.
 *
 * `qr` and `wifi_qr` are SVG, `wifi_qr` empty where no Wi-Fi is named; `others` are further
 * addresses of this machine, where it has several network cards.
 */
export interface CodeSignal {
  type: "code";
  digits: string;
  url: string;
  qr: string;
  wifi_qr: string;
  others: string[];
}
/**
 * Begin a meeting. Quorum: quorum_present x present >= quorum_total x voting members.
 */
export interface CreateMeeting {
  type: "meeting.create";
  meeting: string;
  title: string;
  body: string;
  place: string;
  starts_at: string;
  zone: string;
  presenter: "chair" | "rapporteur" | "secretary";
  office: string;
  address_form?: "dong_chi" | "ong_ba";
  wifi_name?: string;
  wifi_password?: string;
  help_name?: string;
  help_phone?: string;
  trial?: boolean;
  rehearsal?: boolean;
  quorum_present?: number;
  quorum_total?: number;
}
/**
 * Record that a file could not be taken in, so that the desk can say so.
 */
export interface NoteRefusedFile {
  type: "file.note_refused";
  name: string;
  code: string;
}
/**
 * Khai mạc.
 */
export interface OpenMeeting {
  type: "meeting.open";
}
/**
 * Move the meeting to an item. What was presented before is put away.
 */
export interface StartItem {
  type: "item.start";
  item: string;
}
/**
 * Present this page. Perishable: refused `too_late` when old.
 */
export interface ShowPage {
  type: "page.show";
  document: string;
  version: number;
  page: number;
}
/**
 * Become the one who turns pages, without asking the holder's device.
 */
export interface TakePresenting {
  type: "presenter.take";
}
/**
 * Let this seat turn pages.
 */
export interface GivePresenting {
  type: "presenter.give";
  seat: string;
}
/**
 * The desk enters what it saw. `at` is the true time; absent wants a reason.
 */
export interface MarkAttendance {
  type: "attendance.mark";
  seat: string;
  state: "absent" | "late" | "left" | "none" | "present" | "returned";
  at?: string;
  reason?: string;
}
/**
 * The desk mends an entry that was wrong. The reason stays in the record.
 */
export interface CorrectAttendance {
  type: "attendance.correct";
  seat: string;
  state: "absent" | "late" | "left" | "none" | "present" | "returned";
  reason: string;
  at?: string;
}
/**
 * The waiting device is not that person's.
 */
export interface DeclineDevice {
  type: "device.decline";
  device: string;
}
/**
 * This device is blank from now on.
 */
export interface RevokeDevice {
  type: "device.revoke";
  device: string;
}
/**
 * Đổi máy: all devices and the card of the seat end; a new card is there.
 */
export interface ReissueCard {
  type: "card.reissue";
  seat: string;
}
/**
 * All devices and the card of the seat end, until a new card is issued.
 */
export interface RevokeCard {
  type: "card.revoke";
  seat: string;
}
/**
 * Attendance in numbers, and whether there is a quorum.
 */
export interface CountsView {
  present: number;
  total: number;
  voting_present: number;
  voting_total: number;
  voting_needed: number;
  quorum: boolean;
}
export interface DeviceView {
  kind: "computer" | "phone" | "screen" | "tablet";
}
/**
 * A paper this viewer may read. `address` opens its pages, for this viewer only.
 */
export interface DocumentView {
  position: number;
  number: string;
  title: string;
  version: number;
  pages: number;
  address: string;
}
/**
 * Down, to chair and desk, at most twice a second: who is connected right now.
 *
 * `following` and `alone` count devices; `lost` and `behind` name seats. `ready` counts the
 * page images made, by document, for documents not finished yet. `warnings` name what somebody
 * in the room should know of the machine or the network.
 */
export interface RoomSignal {
  type: "room";
  n: number;
  following: number;
  alone: number;
  lost: string[];
  behind: string[];
  waiting: {
    [k: string]: WaitingRow;
  };
  ready: {
    [k: string]: number;
  };
  warnings: (
    | "clock_jump"
    | "disk_full"
    | "disk_low"
    | "limit_cards"
    | "limit_sockets"
    | "limit_waiting"
    | "wifi_lost"
  )[];
}
/**
 * A device waiting at the desk. `conflict`: somebody already sits there with a device.
 */
export interface WaitingRow {
  seat: string;
  number: number;
  kind: "computer" | "phone" | "screen" | "tablet";
  sighting: "fresh" | "none" | "stale";
  since: string;
  conflict: boolean;
}
/**
 * Down, to one device: it serves this seat no longer and wipes what it keeps.
 */
export interface Leave {
  type: "leave";
  code: string;
}
/**
 * Up: this device shows no page (the agenda, the roll); it follows when there is one.
 */
export interface Idle {
  type: "idle";
  follows: boolean;
}
/**
 * An item of the agenda. Absent are: `state` while it is ahead, `recess` where it is none,
 * `documents` where there are none; `rapporteur_seat` is for chair and desk.
 */
export interface ItemView {
  position: number;
  number: string;
  title: string;
  state?: "done" | "on";
  recess?: true;
  documents?: {
    [k: string]: DocumentView;
  };
  starts?: string;
  ends?: string;
  rapporteur?: string;
  rapporteur_seat?: string;
}
/**
 * How to come in, beside the Wi-Fi's name: what the room screen shows.
 */
export interface JoiningView {
  wifi_password: string;
}
/**
 * The heading of the meeting.
 */
export interface MeetingView {
  id: string;
  title: string;
  body: string;
  place: string;
  office: string;
  starts_at: string;
  zone: string;
  phase: "before" | "closed" | "running";
  trial: boolean;
  rehearsal: boolean;
  address_form: "dong_chi" | "ong_ba";
  help_name: string;
  help_phone: string;
  wifi_name: string;
  opened_at?: string;
  closed_at?: string;
}
/**
 * Down `own`: a patch of what is this seat's own, counted apart.
 */
export interface OwnMessage {
  n: number;
  patch: {
    [k: string]: unknown;
  };
}
/**
 * What is one seat's own. `may` lists the commands this seat can give in some phase.
 */
export interface OwnView {
  seat: string;
  name: string;
  post: string;
  role: "chair" | "guest" | "member" | "minute_taker" | "screen" | "secretary" | "technician";
  votes: boolean;
  attendance: "absent" | "late" | "left" | "none" | "present" | "returned";
  may: string[];
  devices: number;
  attendance_at?: string;
}
/**
 * Down `patch`: from one revision to a later one (JSON merge patch, RFC 7396).
 */
export interface PatchMessage {
  from: number;
  to: number;
  patch: {
    [k: string]: unknown;
  };
  roll?: {
    [k: string]: unknown;
  };
}
/**
 * The page everybody is shown, of a document that stands in the agenda.
 */
export interface PresentedView {
  item: string;
  document: string;
  version: number;
  page: number;
}
export interface PresenterView {
  seat: string;
  name: string;
  role: "chair" | "guest" | "member" | "minute_taker" | "screen" | "secretary" | "technician";
}
/**
 * A person on the roll, for chair and desk. `entry` is the revision of the last entry.
 */
export interface RollRow {
  position: number;
  name: string;
  post: string;
  role: "chair" | "guest" | "member" | "minute_taker" | "screen" | "secretary" | "technician";
  votes: boolean;
  attendance: "absent" | "late" | "left" | "none" | "present" | "returned";
  devices: {
    [k: string]: DeviceView;
  };
  card: boolean;
  at?: string;
  method?: "desk" | "digits" | "hand" | "scan";
  sighting?: "fresh" | "none" | "stale";
  reason?: string;
  entry?: number;
}
/**
 * The whole roll at one revision; patched by the `roll` part of later patches.
 */
export interface RollView {
  rev: number;
  roll: {
    [k: string]: RollRow;
  };
}
/**
 * A command on its way. The same `id` always gets the same answer.
 *
 * `at` (seconds) is the last beacon's `t` plus the time since, for commands that perish;
 * `if_rev` is the revision the sender had before its eyes.
 */
export interface Sent {
  id: string;
  command: Command;
  at?: number;
  if_rev?: number;
}
/**
 * Up: what this device has painted, and whether it follows.
 */
export interface Shows {
  type: "shows";
  document: string;
  page: number;
  follows: boolean;
}
/**
 * The server's times a device goes by, in milliseconds.
 *
 * `offline_ms`: silence until the banner; `perish_ms`: age at which a page turn is refused;
 * `report_ms`: what is painted is reported within so much, at random.
 */
export interface TimesView {
  offline_ms: number;
  perish_ms: number;
  report_ms: number;
}
/**
 * What everybody of one audience sees.
 *
 * `turn` is the revision of the last change of page or presenter: a page turn says which one
 * it saw as `if_rev`. `call` counts the times everybody was called to the presented page.
 */
export interface View {
  meeting: MeetingView;
  counts: CountsView;
  agenda: {
    [k: string]: ItemView;
  };
  presenter: PresenterView;
  turn: number;
  call: number;
  item?: string;
  presented?: PresentedView;
  joining?: JoiningView;
  refused_files?: {
    [k: string]: string;
  };
}
/**
 * Down `view`: everything from the start, after `join` or a doubt.
 */
export interface ViewMessage {
  rev: number;
  view: View;
  n: number;
  own: OwnView;
  protocol: number;
  times: TimesView;
}
