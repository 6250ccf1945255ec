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
  | RevokeCard
  | ChangeMeeting
  | ChangeSeat
  | RemoveSeat
  | OrderSeats
  | ChangeItem
  | RemoveItem
  | OrderItems
  | ChangeDocument
  | OrderDocuments
  | TurnPage
  | MarkToCollect
  | ReplaceDocument
  | WithdrawDocument
  | EraseDocument
  | TakeBackOpening
  | ReopenMeeting
  | ContinueOnPaper
  | TakeInSignedCopy
  | LockFile
  | DeleteMeeting;
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
  | "item_has_papers"
  | "item_reached"
  | "document_unknown"
  | "document_withdrawn"
  | "document_presented"
  | "order_outdated"
  | "reason_needed"
  | "time_wrong"
  | "number_needed"
  | "page_unknown"
  | "seat_unknown"
  | "seat_exists"
  | "seat_needed"
  | "readers_needed"
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
  | "file_too_slow"
  | "file_too_heavy"
  | "file_password_wrong"
  | "file_empty"
  | "file_missing"
  | "file_unreadable"
  | "file_from_office"
  | "file_same"
  | "secret_name"
  | "secret_stamp"
  | "secrecy_asked"
  | "file_heic"
  | "picture_broken"
  | "picture_too_large"
  | "conversion_failed"
  | "conversion_slow"
  | "table_unreadable"
  | "table_empty"
  | "table_too_large"
  | "page_failed"
  | "page_timeout"
  | "page_too_heavy"
  | "sign_in_wrong"
  | "sign_in_wait"
  | "password_short"
  | "login_wrong"
  | "login_taken"
  | "account_unknown"
  | "account_last"
  | "begin_code_wrong"
  | "office_exists"
  | "only_here"
  | "body_unknown"
  | "meeting_unknown"
  | "meeting_was_held"
  | "template_unknown"
  | "template_taken"
  | "screen_unknown"
  | "carried_wrong"
  | "print_failed"
  | "check_full"
  | "check_given_up"
  | "saving_on"
  | "stick_gone"
  | "stick_full"
  | "stick_read_only"
  | "stick_format_old"
  | "stick_differs"
  | "early"
  | "rehearsal_on"
  | "rehearsal_not_now"
  | "rehearsal_unknown"
  | "disk_low"
  | "disk_full"
  | "server_busy"
  | "server_fault";
export type UpSignal = Shows | Idle;

/**
 * A secretary's own way in.
 */
export interface AccountView {
  id: string;
  name: string;
  login: string;
  closed: boolean;
}
/**
 * Lay a paper, already taken in and counted, under an item; late once the meeting is on.
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
  ordinary?: ConfirmedOrdinary;
}
/**
 * Somebody looked and said, under their name, that it is no secret paper.
 */
export interface ConfirmedOrdinary {
  by: string;
  asked: "folder" | "name" | "scan" | "stamp" | "words";
}
/**
 * Put an item at the end of the agenda. `limited_to`: only these seats may read its papers.
 */
export interface AddItem {
  type: "item.add";
  item: string;
  number: string;
  title: string;
  starts?: string;
  ends?: string;
  rapporteur?: string;
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
 * The first start: the office and its first secretary. `code` is what the server's terminal
 * shows, for a browser on another machine.
 */
export interface BeginOffice {
  office: OfficeView;
  account: NewAccount;
  code?: string;
}
/**
 * Who runs this server, and what every meeting takes over from it.
 */
export interface OfficeView {
  name: string;
  zone: string;
  wifi_name: string;
  wifi_password: string;
  help_name: string;
  help_phone: string;
  address_form: "dong_chi" | "ong_ba";
}
/**
 * A secretary to be let in.
 */
export interface NewAccount {
  name: string;
  login: string;
  password: string;
}
/**
 * A body with its last roll, in protocol order, and its templates.
 */
export interface BodyCarried {
  body: BodyView;
  roll?: CarriedRow[];
  templates?: CarriedTemplate[];
}
/**
 * A committee that meets. `word` is what a meeting of it is called; its quorum is
 * quorum_present x present >= quorum_total x voting members.
 */
export interface BodyView {
  id: string;
  kind: "ban_chap_hanh" | "ban_thuong_vu" | "other" | "thuong_truc";
  name: string;
  word: string;
  quorum_present: number;
  quorum_total: number;
  address_form: "dong_chi" | "ong_ba";
  presenter: "chair" | "rapporteur" | "secretary";
}
/**
 * A person as on the roll that is taken over.
 */
export interface CarriedRow {
  name: string;
  post: string;
  role: "chair" | "guest" | "member" | "minute_taker" | "screen" | "secretary" | "technician";
  votes: boolean;
}
/**
 * A template on its way to another office.
 */
export interface CarriedTemplate {
  name: string;
  skeleton: Skeleton;
}
/**
 * A meeting without anything that happened in it, and without its papers. `starts` is when it
 * began by the clock: the items' times go with that.
 */
export interface Skeleton {
  roll?: CarriedRow[];
  items?: CarriedItem[];
  starts?: string;
}
/**
 * An item as on the agenda that is taken over. Guests it names are invited to it.
 */
export interface CarriedItem {
  number: string;
  title: string;
  starts?: string;
  ends?: string;
  recess?: boolean;
  rapporteur?: number | null;
  limited_to?: number[];
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
 * What was taken in: so many bodies, people on their rolls, and templates.
 */
export interface Carried {
  bodies: number;
  people: number;
  templates: number;
}
/**
 * Mend what is written of a paper, or lay it under another item.
 */
export interface ChangeDocument {
  type: "document.change";
  document: string;
  item: string;
  number: string;
  title: string;
}
/**
 * Mend an item, as `item.add` writes it. `for_all`: papers that only some could read are to be
 * open to everybody; else an item that is limited is not left without anybody it is limited to.
 */
export interface ChangeItem {
  type: "item.change";
  item: string;
  number: string;
  title: string;
  starts?: string;
  ends?: string;
  rapporteur?: string;
  recess?: boolean;
  limited_to?: string[];
  for_all?: boolean;
}
/**
 * Mend the heading. The password of the Wi-Fi is for the office to keep: no log has it.
 */
export interface ChangeMeeting {
  type: "meeting.change";
  title: string;
  place: string;
  starts_at: string;
  presenter: "chair" | "rapporteur" | "secretary";
  address_form: "dong_chi" | "ong_ba";
  wifi_name: string;
  help_name: string;
  help_phone: string;
  quorum_present: number;
  quorum_total: number;
  wifi_password?: string;
}
/**
 * Mend what is written of a person. Cards and devices stay.
 */
export interface ChangeSeat {
  type: "seat.change";
  seat: string;
  name: string;
  post: string;
  role: "chair" | "guest" | "member" | "minute_taker" | "screen" | "secretary" | "technician";
  votes?: boolean;
  items?: string[];
}
/**
 * I am here. `code` is what the room screen showed: four digits, or the scanned code.
 */
export interface CheckIn {
  type: "attendance.check_in";
  code?: string;
}
/**
 * How many files are being checked, or wait for it.
 */
export interface ChecksView {
  checks: number;
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
 * Bế mạc. `at` is the true time where it is entered afterwards.
 */
export interface CloseMeeting {
  type: "meeting.close";
  at?: string;
}
/**
 * Down, to the room screen: the check-in code on show, and how to come in.
 *
 * `qr` and `wifi_qr` are SVG, `wifi_qr` empty where no Wi-Fi is named; `others` are further
 * addresses of this machine, where it has several network cards. `address_changed`: cards that
 * were printed say another than `url`. No view has the Wi-Fi's password: it is said here alone.
 */
export interface CodeSignal {
  type: "code";
  digits: string;
  url: string;
  qr: string;
  wifi_qr: string;
  wifi_password: string;
  others: string[];
  address_changed: boolean;
}
/**
 * Begin a meeting. Quorum: quorum_present x present >= quorum_total x voting members.
 *
 * `body_id` names the body among the office's; `trial_of` the meeting this is a copy of, made to
 * be practised on and thrown away.
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
  help_name?: string;
  help_phone?: string;
  trial?: boolean;
  rehearsal?: boolean;
  quorum_present?: number;
  quorum_total?: number;
  body_id?: string;
  trial_of?: string;
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
 * Khai mạc. `at` is the true time where it is entered afterwards; `early`: it is before the
 * planned time, and meant so.
 */
export interface OpenMeeting {
  type: "meeting.open";
  at?: string;
  early?: boolean;
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
 * Take a person off; only where nothing was entered of them yet.
 */
export interface RemoveSeat {
  type: "seat.remove";
  seat: string;
}
/**
 * Protocol order: the roll's first is the list's first.
 */
export interface OrderSeats {
  type: "seats.order";
  seats: string[];
}
/**
 * Take an item off the agenda; one that has no papers and was not reached.
 */
export interface RemoveItem {
  type: "item.remove";
  item: string;
}
/**
 * The agenda's order.
 */
export interface OrderItems {
  type: "items.order";
  items: string[];
}
/**
 * The papers' order, over all items.
 */
export interface OrderDocuments {
  type: "documents.order";
  documents: string[];
}
/**
 * Stand a page upright: `quarters` of a turn, clockwise, from how the file has it.
 *
 * The paper's pages get another `address`, for what is kept of the old one shows it lying.
 */
export interface TurnPage {
  type: "page.turn_upright";
  document: string;
  page: number;
  quarters: number;
  address: string;
}
/**
 * Thu hồi sau họp: each page carries who reads it, and nobody does once the meeting is closed.
 * `collect` false takes the mark off.
 *
 * Every version gets another address, the first first: what is kept of the old ones differs.
 */
export interface MarkToCollect {
  type: "document.mark_to_collect";
  document: string;
  collect: boolean;
  addresses: string[];
}
/**
 * Lay a new version in the place of a paper. No screen changes before it is presented.
 */
export interface ReplaceDocument {
  type: "document.replace";
  document: string;
  version: number;
  sha256: string;
  pages: number;
  address: string;
  ordinary?: ConfirmedOrdinary;
}
/**
 * Take a paper from all devices. What it was, and why it went, stays on record.
 */
export interface WithdrawDocument {
  type: "document.withdraw";
  document: string;
  reason: string;
}
/**
 * Destroy the files of a withdrawn paper; their hashes stay.
 */
export interface EraseDocument {
  type: "document.erase";
  document: string;
}
/**
 * The meeting was opened by mistake.
 */
export interface TakeBackOpening {
  type: "meeting.take_back_opening";
  reason: string;
}
/**
 * The meeting was closed by mistake, or goes on.
 */
export interface ReopenMeeting {
  type: "meeting.reopen";
  reason: string;
}
/**
 * Enter afterwards that the meeting, or a part of it, was held on paper.
 */
export interface ContinueOnPaper {
  type: "meeting.continue_on_paper";
  since: string;
  reason: string;
  until?: string;
  course?: string;
}
/**
 * Lay a scan of what was signed and stamped into the file.
 */
export interface TakeInSignedCopy {
  type: "signed_copy.take_in";
  name: string;
  sha256: string;
  pages: number;
  ordinary?: ConfirmedOrdinary;
}
/**
 * Khóa hồ sơ: nothing of the meeting changes any more; `number` is the file's.
 */
export interface LockFile {
  type: "file.lock";
  number: string;
}
/**
 * Xóa cuộc họp: one made by mistake, and never opened.
 */
export interface DeleteMeeting {
  type: "meeting.delete";
}
/**
 * A paper's own contents, and what its pages call themselves where that is not their number.
 *
 * `wordless`: there is no text in it, as in a scan.
 */
export interface ContentsView {
  titles: TitleView[];
  labels: {
    [k: string]: string;
  };
  wordless?: true;
}
/**
 * An entry of a paper's own contents; `level` from 1.
 */
export interface TitleView {
  level: number;
  title: string;
  page: number;
}
/**
 * Of the devices that are here, so many have their own copy of the presented page made.
 */
export interface CopiesRow {
  ready: number;
  of: number;
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
/**
 * The id of what was made.
 */
export interface Created {
  id: string;
}
export interface DeviceView {
  kind: "computer" | "phone" | "screen" | "tablet";
}
/**
 * A paper this viewer may read. `address` opens its pages, for this viewer only. `late`: laid
 * down when the meeting was on; `older`: what it replaced, by version, absent if nothing.
 * `collect`: collected when the meeting closes; its pages are made for each device, one by one.
 * `turned`: for who may turn them, pages that were stood upright, with quarters of a turn.
 */
export interface DocumentView {
  position: number;
  number: string;
  title: string;
  version: number;
  pages: number;
  address: string;
  late?: true;
  older?: {
    [k: string]: VersionView;
  };
  collect?: true;
  turned?: {
    [k: string]: number;
  };
}
/**
 * A version of a paper that another one replaced.
 */
export interface VersionView {
  pages: number;
  address: string;
}
/**
 * Why somebody has to say that a paper is no secret one. `page` is 0 where its name says so.
 */
export interface Doubt {
  question: "folder" | "name" | "scan" | "stamp" | "words";
  page: number;
}
/**
 * Down, to chair and desk, at most twice a second: who is connected right now.
 *
 * `following` and `alone` count devices; `lost` and `behind` name seats. `ready` counts the
 * page images made, by document, for documents not finished yet. `warnings` name what somebody
 * in the room should know of the machine or the network. `copies`: while a paper to be collected
 * is presented.
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
    | "address_changed"
    | "clock_jump"
    | "disk_full"
    | "disk_low"
    | "limit_cards"
    | "limit_sockets"
    | "limit_waiting"
    | "machine_may_sleep"
    | "wifi_lost"
  )[];
  copies?: CopiesRow;
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
 * As whom the office's own browser comes in.
 */
export interface EnterAs {
  role?: "chair" | "minute_taker" | "screen" | "secretary";
}
/**
 * A personal link, below the address this very page has.
 */
export interface Entrance {
  link: string;
}
/**
 * Something that went wrong: `event` and `code` are codes of the log, `part` where.
 */
export interface ErrorRow {
  at: string;
  level: string;
  event: string;
  part: string;
  code: string;
}
/**
 * What was found of a meeting's file: the verdict first. `seal` is the code of its last
 * closing, `compared` whether it is the one that was given.
 */
export interface FileChecked {
  whole: boolean;
  sentences: string[];
  seal: string;
  compared: boolean;
}
/**
 * The hits in one paper, the exact ones first; `count` is all of them.
 */
export interface FoundPaper {
  document: string;
  version: number;
  address: string;
  count: number;
  hits: HitView[];
}
/**
 * Words that were looked for, a box for each line they stand on, and what stands around them.
 *
 * `exact`: with the marks they were typed with.
 */
export interface HitView {
  page: number;
  boxes: number[][];
  exact: boolean;
  before: string;
  match: string;
  after: string;
}
/**
 * What was found, by paper: the one on show first, then the order of the agenda.
 *
 * `more`: there was no time to look through everything. `unread`: papers that are being read yet.
 * `wordless`: papers without text.
 */
export interface FoundView {
  papers: FoundPaper[];
  more?: true;
  unread?: string[];
  wordless?: string[];
}
/**
 * The heading: what can be changed, and to whom the meeting belongs.
 */
export interface HeadingView {
  title: string;
  place: string;
  starts_at: string;
  presenter: "chair" | "rapporteur" | "secretary";
  address_form: "dong_chi" | "ong_ba";
  wifi_name: string;
  wifi_password: string;
  help_name: string;
  help_phone: string;
  quorum_present: number;
  quorum_total: number;
  body: string;
  body_id: string;
  office: string;
  zone: string;
  trial: boolean;
  trial_of: string;
}
/**
 * Up: this device shows no page (the agenda, the roll); it follows when there is one.
 */
export interface Idle {
  type: "idle";
  follows: boolean;
}
/**
 * An item; `rapporteur` is a seat, or "".
 */
export interface ItemRow {
  id: string;
  position: number;
  number: string;
  title: string;
  starts: string;
  ends: string;
  rapporteur: string;
  recess: boolean;
  limited_to: string[];
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
 * A screen that shows these four digits becomes the room's.
 */
export interface JoinScreen {
  digits: string;
}
/**
 * How the server machine is. Addresses: what people open first, then all others it has.
 *
 * `flush_ms`: how long 4 KiB take to be safely on the disk, null where they cannot be written.
 * `now` is the server's clock, `zone` the office's ("" before there is one); `astray` the seconds
 * by which the machine's clock was set since the server started. `pages_waiting`: images
 * still to be made, by so many `workers` now. `confined`: what the processes have given up that
 * open papers, some of `memory` and `time` (limited), `calls` to the system (filtered), `network`
 * and `files` (out of reach).
 */
export interface MachineView {
  version: string;
  system: string;
  url: string;
  other_urls: string[];
  addresses: string[];
  database: "postgresql" | "sqlite";
  disk_free_bytes: number;
  disk_low: boolean;
  disk_full: boolean;
  flush_ms: number | null;
  storing: boolean;
  now: string;
  zone: string;
  astray_seconds: number;
  sleep: "failed" | "kept" | "may" | "never";
  running_seconds: number;
  meetings: number;
  meetings_on: OpenMeetingRow[];
  devices: number;
  workers: number;
  pages_waiting: number;
  office_files: "none" | "other_typefaces" | "well";
  confined: string[];
  errors: ErrorRow[];
}
/**
 * A meeting that is on now.
 */
export interface OpenMeetingRow {
  id: string;
  title: string;
  devices: number;
}
/**
 * How this browser stands with the office: `new` before there is one. `here`: it runs on the
 * server machine itself. Without an account, `office` says nothing of the Wi-Fi. `converts`: files
 * of office programs are made PDF here.
 */
export interface MeView {
  state: "new" | "signed_in" | "signed_out";
  here: boolean;
  office: OfficeView | null;
  account: AccountView | null;
  converts: boolean;
}
/**
 * A meeting in the office's list. `trial_of` is the meeting this one is a throw-away copy of;
 * `file_number` is "" until the file is locked; of its people so many are `guests` of items.
 */
export interface MeetingRow {
  id: string;
  title: string;
  body: string;
  body_id: string;
  place: string;
  starts_at: string;
  zone: string;
  phase: "before" | "closed" | "locked" | "running";
  trial: boolean;
  trial_of: string;
  people: number;
  guests: number;
  items: number;
  papers: number;
  file_number: string;
}
/**
 * The heading of the meeting. `locked`: closed, and nothing is mended any more. `seal`, for
 * chair and desk: the code that the archive must agree with, from the closing on. `on_paper`: a
 * part of it was held on paper.
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
  locked?: true;
  seal?: string;
  on_paper?: true;
}
/**
 * What the office sends ahead. `text` is for everybody and holds nothing personal.
 */
export interface MessageView {
  text: string;
  people: PersonMessage[];
}
/**
 * What is sent to one person alone: it holds a personal link and six digits.
 */
export interface PersonMessage {
  seat: string;
  name: string;
  text: string;
}
/**
 * A meeting to begin. Its roll is taken over from the meeting `like`, or from a template, or
 * as it was `carried` here from another office; from nowhere where none is named. `agenda`:
 * whether the agenda is taken over, too.
 */
export interface NewMeeting {
  body_id: string;
  title: string;
  place: string;
  starts_at: string;
  presenter: "chair" | "rapporteur" | "secretary";
  like?: string;
  template?: string;
  carried?: boolean;
  agenda?: boolean;
}
/**
 * Of one's own account.
 */
export interface NewPassword {
  old: string;
  new: string;
}
/**
 * Keep this meeting's skeleton under a name.
 */
export interface NewTemplate {
  meeting: string;
  name: string;
}
/**
 * What one office carries to another: settings, bodies, rolls, templates. No meeting and no
 * account.
 */
export interface OfficeCarried {
  format: "phien-export-1";
  office: OfficeView;
  bodies: BodyCarried[];
}
/**
 * A version that another one replaced.
 */
export interface OlderVersion {
  version: number;
  pages: number;
  late: boolean;
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
 * The words of one page in reading order; none where it is a picture.
 *
 * `boxes`: four numbers for each word. `lines`, `blocks`: which words begin a line, a paragraph.
 */
export interface PageTextView {
  words: string[];
  boxes: number[];
  lines: number[];
  blocks: number[];
}
/**
 * A part of the meeting that was held on paper.
 */
export interface PaperPart {
  since: string;
  reason: string;
  course: string;
  until?: string;
}
/**
 * A paper. Of its pages so many are `ready`, and so many `failed`; `turned` has the quarters
 * of a turn, clockwise, of those that were stood upright.
 */
export interface PaperRow {
  id: string;
  item: string;
  position: number;
  number: string;
  title: string;
  version: number;
  pages: number;
  late: boolean;
  ready: number;
  failed: number;
  turned: {
    [k: string]: number;
  };
  older: OlderVersion[];
  collect: boolean;
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
 * The phone test: what to open on a phone, as address and as QR (SVG), and how far it came.
 * `causes` are to be looked at, in this order, while nothing comes.
 */
export interface PhoneView {
  state: "done" | "page" | "waiting";
  url: string;
  qr: string;
  causes: ("firewall" | "guest_wifi" | "no_network" | "other_wifi" | "vpn")[];
}
/**
 * One meeting, whole. `refused` has files that could not be taken in, with the code that says
 * why. `base_url` is what people open now; `address_changed`: printed cards say another;
 * `cards_url` is what those say, "" where there are none. `held`: it was opened once.
 */
export interface Prepared {
  rev: number;
  heading: HeadingView;
  phase: "before" | "closed" | "locked" | "running";
  file_number: string;
  seats: SeatRow[];
  items: ItemRow[];
  documents: PaperRow[];
  withdrawn: WithdrawnRow[];
  refused: {
    [k: string]: string;
  };
  on_paper: PaperPart[];
  signed_copies: SignedCopyRow[];
  base_url: string;
  address_changed: boolean;
  cards_url: string;
  held: boolean;
  opened_at?: string;
  closed_at?: string;
  seal?: string;
}
/**
 * A person, or the room's screen. `items` is a guest's; `card`: whether theirs is valid.
 */
export interface SeatRow {
  id: string;
  position: number;
  name: string;
  post: string;
  role: "chair" | "guest" | "member" | "minute_taker" | "screen" | "secretary" | "technician";
  votes: boolean;
  items: string[];
  attendance: "absent" | "late" | "left" | "none" | "present" | "returned";
  card: boolean;
  at?: string;
  reason?: string;
}
export interface WithdrawnRow {
  id: string;
  number: string;
  title: string;
  at: string;
  reason: string;
  erased: boolean;
}
export interface SignedCopyRow {
  name: string;
  sha256: string;
  pages: number;
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
 * What a file is likely to be: the id of its item, "" if it cannot be told, number, title.
 */
export interface Proposal {
  item: string;
  number: string;
  title: string;
}
/**
 * A pasted agenda, as `ReadRoll`.
 */
export interface ReadAgenda {
  columns: ("" | "ends" | "guests" | "number" | "rapporteur" | "starts" | "time" | "title")[];
  rows: string[][];
  items: ReadItem[];
  notes: (
    | "guests_to_add"
    | "rapporteur_ambiguous"
    | "rapporteur_unknown"
    | "rows_skipped"
    | "time_unread"
    | "times_missing"
  )[];
}
/**
 * A row of a pasted agenda. `rapporteur` is the seat meant by `said`, "" if none or several;
 * `guests` is what was written of people invited to this item.
 */
export interface ReadItem {
  number: string;
  title: string;
  starts: string;
  ends: string;
  rapporteur: string;
  recess: boolean;
  said: string;
  guests: string;
  notes: (
    | "guests_to_add"
    | "rapporteur_ambiguous"
    | "rapporteur_unknown"
    | "rows_skipped"
    | "time_unread"
    | "times_missing"
  )[];
}
/**
 * A row of a pasted roll.
 */
export interface ReadPerson {
  name: string;
  post: string;
  role: "chair" | "guest" | "member" | "minute_taker" | "screen" | "secretary" | "technician";
  votes: boolean;
  notes: (
    | "chair_missing"
    | "chairs_many"
    | "name_doubtful"
    | "name_twice"
    | "rows_skipped"
    | "secretary_missing"
    | "vote_dropped"
    | "votes_missing"
  )[];
}
/**
 * A pasted roll: its columns as guessed, its rows below the heading, and who they are.
 */
export interface ReadRoll {
  columns: ("" | "name" | "post" | "role" | "tt" | "unit" | "votes")[];
  rows: string[][];
  people: ReadPerson[];
  notes: (
    | "chair_missing"
    | "chairs_many"
    | "name_doubtful"
    | "name_twice"
    | "rows_skipped"
    | "secretary_missing"
    | "vote_dropped"
    | "votes_missing"
  )[];
}
/**
 * Something that was done. `by` is a person's name, "" for whoever sat at the server machine;
 * `about` the name of the account, body, template or meeting, "" for the office itself.
 */
export interface RecordRow {
  at: string;
  by: string;
  what:
    | "account.added"
    | "account.closed"
    | "account.signed_in"
    | "body.added"
    | "body.changed"
    | "meeting.deleted"
    | "office.changed"
    | "office.created"
    | "office.imported"
    | "paper.refused_name"
    | "paper.refused_stamp"
    | "password.changed"
    | "password.forgotten"
    | "template.added"
    | "template.deleted"
    | "template.renamed";
  about: string;
}
export interface RenamedTemplate {
  name: string;
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
 * Save onto this stick.
 */
export interface SaveOnto {
  stick: string;
}
/**
 * The newest saving. `name`: what the file is called on the stick; `part`, from 0 to 1, of the
 * state it is in; `code`: why it failed, with `mb` where megabytes are missing.
 */
export interface SavingView {
  meeting: string;
  stick: string;
  name: string;
  state: "done" | "failed" | "making" | "reading" | "writing";
  part: number;
  code: string;
  mb: number;
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
export interface SignIn {
  login: string;
  password: string;
}
/**
 * What a new meeting can start from beside an earlier one. `rolls`: by body that has not met
 * here yet, how many people its roll has as it was carried here from another office.
 */
export interface Starts {
  templates: TemplateRow[];
  rolls: {
    [k: string]: number;
  };
}
/**
 * A template in the office's list; of its people so many are `guests` of items.
 */
export interface TemplateRow {
  id: string;
  body_id: string;
  name: string;
  people: number;
  guests: number;
  items: number;
}
/**
 * A USB stick or another removable place. `id` holds while it stays plugged in.
 */
export interface StickRow {
  id: string;
  name: string;
  free_bytes: number;
  writable: boolean;
}
/**
 * What is plugged in now; `saving` is null before anything was saved.
 */
export interface SticksView {
  sticks: StickRow[];
  saving: SavingView | null;
}
/**
 * A paper the server has taken in, under the name it came with.
 */
export interface TakenIn {
  sha256: string;
  pages: number;
  bytes: number;
  name: string;
  proposal: Proposal;
  doubt?: Doubt;
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
 * `collected`: how many papers this viewer could read until the meeting was closed.
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
  refused_files?: {
    [k: string]: string;
  };
  withdrawn?: {
    [k: string]: WithdrawnView;
  };
  collected?: number;
}
/**
 * A paper that was taken back; what it was, and why, is for chair and desk.
 */
export interface WithdrawnView {
  at: string;
  number?: string;
  title?: string;
  reason?: string;
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
/**
 * All items, in their order; what is not among them is taken off.
 */
export interface WantedAgenda {
  items: WantedItem[];
}
/**
 * An item as the agenda is to have it; `item` and `limited_to` as in `WantedPerson`.
 */
export interface WantedItem {
  number: string;
  title: string;
  starts?: string;
  ends?: string;
  rapporteur?: string;
  recess?: boolean;
  item?: string;
  limited_to?: string[] | null;
}
/**
 * A file that was taken in, to be laid under an item. Asked twice with the same `document`, it
 * is laid down once. `name` is the file's, with its folders; `ordinary`: whoever asks says that it
 * is no secret paper.
 */
export interface WantedPaper {
  sha256: string;
  item: string;
  number: string;
  title: string;
  pages?: number;
  name?: string;
  document?: string | "";
  ordinary?: boolean;
}
export interface WantedPapers {
  papers: WantedPaper[];
}
/**
 * A person as the roll is to have them. `seat` is "" for somebody new, or whom the server is
 * to find by name; `items` is a guest's, left as it is where it is not said.
 */
export interface WantedPerson {
  name: string;
  post: string;
  role: "chair" | "guest" | "member" | "minute_taker" | "screen" | "secretary" | "technician";
  votes: boolean;
  seat?: string;
  items?: string[] | null;
}
/**
 * Everybody, in protocol order; who is not among them is taken off.
 */
export interface WantedRoll {
  people: WantedPerson[];
}
/**
 * What is looked for: in all papers this viewer may read now, or in one of them alone.
 *
 * `shown`: the address of the paper on show; it comes first, in the version it is shown in.
 */
export interface WantedWords {
  text: string;
  shown?: string;
  alone?: boolean;
}
