/**
 * The meeting as this device sees it: the only holder of the view. Made once, in main.ts, and
 * handed down as the prop `meeting`. Screens read its fields and call its methods.
 */
import { getRoll, postCommand } from "../api";
import type {
  Answer,
  BeaconMessage,
  CodeSignal,
  Command,
  DownSignal,
  OwnMessage,
  OwnView,
  PatchMessage,
  RefusalCode,
  Rejected,
  RollRow,
  RoomSignal,
  Sent,
  UpSignal,
  View,
  ViewMessage,
} from "../protocol";
import { Connection, PROTOCOL, type Connected } from "./connection";
import { deliver, DURABLE, patienceFor, refused, stamped } from "./delivery";
import { at, back, callsBack, navigate, seen, shown, START } from "./follow";
import type { FollowState, Shown } from "./follow";
import { Kept } from "./kept";
import { Outbox } from "./outbox";
import { apply } from "./patch";
import { Roll } from "./roll";
import { RESTORED_FOR } from "./times";
import { Turns, type Turn } from "./turns";

export class Meeting {
  view = $state.raw<View | null>(null);
  own = $state.raw<OwnView | null>(null);
  rev = $state(0);
  roll = $state.raw<Record<string, RollRow> | null>(null);
  room = $state.raw<RoomSignal | null>(null);
  code = $state.raw<CodeSignal | null>(null);
  connection = $state<Connected>("connecting");
  refusal = $state<RefusalCode | null>(null);
  follow = $state.raw<FollowState>(START);
  /** True for 3 s after the connection came back. */
  restored = $state(false);
  /** Away from the server for so long that the person should be told what to do. */
  longOffline = $state(false);
  /** The pages that can be read without the server; told by the reader. */
  held = $state.raw<readonly { address: string; page: number }[]>([]);
  /** The server speaks another protocol than this page: it must be loaded again. */
  outdated = $state(false);
  /** The last page turn that was refused; a screen may show and then clear it. */
  trouble = $state.raw<Rejected | null>(null);

  /** What moved this device or took the turning of pages from it; to show and then clear. */
  notice = $state.raw<"taken" | "called" | "withdrawn" | null>(null);
  /** What was on show here was withdrawn, and nothing came in its place yet. */
  gone = $state(false);
  /** Known to be a trial, a rehearsal, or a copy to practise in; still known after a refusal. */
  mark = $state<"trial" | "rehearsal" | "copy" | null>(null);

  readonly seat: string;
  readonly kept: Kept;
  readonly #outbox: Outbox;
  readonly #roll: Roll;
  readonly #turns = new Turns((turn, rev) => this.#giveTurn(turn, rev));
  #connection: Connection;
  #turning = $state.raw<Turn | null>(null);
  #turnRev = 0;
  #n = 0;
  #doubt = 0;
  #said: UpSignal | null = null;
  #report = 0;
  #advice = 0;

  constructor(seat: string) {
    this.seat = seat;
    this.kept = new Kept(seat);
    this.#outbox = new Outbox(this.kept);
    this.#roll = new Roll(
      () => getRoll(seat),
      (rows) => {
        this.roll = rows;
      },
    );
    this.#connection = this.#connect();
  }

  /** Connect, and send again what was not answered before the page was left. */
  start(): void {
    this.#connection.start();
    for (const sent of this.#outbox.waiting) void this.#deliver(sent);
  }

  stop(): void {
    this.#connection.stop();
    window.clearTimeout(this.#report);
    window.clearTimeout(this.#doubt);
    window.clearTimeout(this.#advice);
  }

  /** "Thử lại": connect again at once, also after a refusal. */
  retry(): void {
    if (this.connection !== "refused") {
      this.#connection.retry();
      return;
    }
    this.connection = "connecting";
    this.refusal = null;
    this.#connection = this.#connect();
    this.#connection.start();
  }

  /** Whether this seat is the one who turns pages. */
  get isPresenter(): boolean {
    return this.own !== null && this.view?.presenter.seat === this.own.seat;
  }

  /** The page to draw, also while a turn of one's own is under way; null when there is none. */
  get shown(): Shown | null {
    if (!this.view) return null;
    const turning = this.follow.mode === "following" && this.#turning;
    return turning ? at(this.view, turning) : shown(this.follow, this.view);
  }

  /** Ask the server for something. Never rejects; durable commands wait until answered. */
  send(command: Command): Promise<Answer> {
    const sent = stamped({ id: newId(), command }, this.#now());
    if (command.type === "followers.call") {
      sent.if_rev = Math.max(this.view?.turn ?? 0, this.#turns.answered);
    }
    if (DURABLE[command.type]) this.#outbox.add(sent);
    return this.#sendNow(sent);
  }

  /**
   * The presenter's page turn. A refusal appears as `trouble`. `rev`: of an answer that came before
   * what it changed.
   */
  turn(document: string, version: number, page: number, rev = 0): void {
    const turn = { document, version, page, at: this.#now() };
    this.trouble = null;
    this.#turning = turn;
    this.#turnRev = Infinity;
    this.follow = back(this.follow);
    void this.#turns.show(turn, Math.max(rev, this.view?.turn ?? 0)).then((answer) => {
      if (!answer) return;
      if (answer.status === "rejected") this.trouble = answer;
      this.#turnRev = answer.status === "committed" ? answer.rev : 0;
      this.#turned();
    });
  }

  /**
   * Go to a page of a paper: the presenter presents it, anyone else reads alone. `wanted`: the
   * version; left out, it is the one on show for who presents that, else the newest.
   */
  open(document: string, page: number, wanted?: number): void {
    if (!this.view) return;
    const { presented } = this.view;
    const onShow = this.isPresenter && presented?.document === document;
    const version = wanted ?? (onShow ? presented.version : undefined);
    const place = version === undefined ? { document, page } : { document, page, version };
    const target = at(this.view, place);
    if (!target) return;
    const presents =
      this.isPresenter && this.view.meeting.phase === "running" && target.item === this.view.item;
    if (presents) this.turn(document, target.version, target.page);
    else this.#followed(navigate(this.follow, this.view, place));
  }

  /** Go to another page of what is shown. A presenter who reads alone goes on reading alone. */
  page(page: number): void {
    const now = this.shown;
    if (!now || !this.view || page < 1 || page > now.pages || page === now.page) return;
    const { document, version } = now;
    if (this.follow.mode === "following") this.open(document, page, version);
    else this.read(document, version, page);
  }

  /** Read a page alone, also who presents. */
  read(document: string, version: number, page: number): void {
    if (this.view) this.#followed(navigate(this.follow, this.view, { document, page, version }));
  }

  /** "Về trang đang trình chiếu". */
  back(): void {
    this.#followed(back(this.follow));
  }

  /** This page is painted now. */
  shows(document: string, page: number): void {
    this.#say({ type: "shows", document, page, follows: this.follow.mode === "following" });
  }

  /** Fetch the roll; it is kept patched from then on. Rejects with `Refused`. */
  loadRoll(): Promise<void> {
    return this.#roll.load();
  }

  #connect(): Connection {
    return new Connection(this.seat, {
      view: (message) => {
        this.#viewed(message);
      },
      patch: (message) => this.#patched(message),
      own: (message) => {
        this.#owned(message);
      },
      beacon: (message) => this.#beaconed(message),
      signal: (signal) => {
        this.#signalled(signal);
      },
      state: (state, refusal) => {
        this.#connected(state, refusal);
      },
    });
  }

  #viewed({ rev, view, n, own, protocol }: ViewMessage): void {
    this.outdated = protocol !== PROTOCOL;
    this.#n = n;
    this.own = own;
    this.rev = rev;
    this.#roll.caughtUp(rev);
    this.#changed(view);
    // The server forgot what this device shows when the old connection ended.
    if (this.#said) this.#say(this.#said, true);
  }

  #patched(message: PatchMessage): boolean {
    this.#roll.patched(message);
    if (!this.view || message.to <= this.rev) return false;
    if (message.from !== this.rev) {
      this.#connection.join();
      return false;
    }
    this.rev = message.to;
    this.#changed(apply(this.view, message.patch as Record<string, unknown>));
    return true;
  }

  #owned({ n, patch }: OwnMessage): void {
    if (!this.own || n <= this.#n) return;
    if (n !== this.#n + 1) {
      this.#connection.join();
      return;
    }
    this.#n = n;
    this.own = apply(this.own, patch as Record<string, unknown>);
  }

  #changed(view: View): void {
    const presented = this.isPresenter;
    const before = this.shown;
    const item = this.view?.item;
    if (callsBack(this.follow, view)) this.notice = "called";
    const lost = before !== null && view.withdrawn?.[before.document] !== undefined;
    this.view = view;
    const { trial, rehearsal } = view.meeting;
    if (rehearsal) this.mark = trial ? "copy" : "rehearsal";
    else this.mark = trial ? "trial" : null;
    if (presented && !this.isPresenter) this.notice = "taken";
    this.#turned();
    this.#followed(seen(this.follow, view));
    if (lost && this.shown) this.notice = "withdrawn";
    if (lost) this.gone = true;
    if (this.shown || view.item !== item) this.gone = false;
  }

  #followed(follow: FollowState): void {
    this.follow = follow;
    const said = this.#said;
    if (!this.shown) this.#say({ type: "idle", follows: follow.mode === "following" });
    else if (said) this.#say({ ...said, follows: follow.mode === "following" });
  }

  /** One's own turn is on show in the view, or will never be. */
  #turned(): void {
    if (this.rev >= this.#turnRev) this.#turning = null;
  }

  /** Whether this device has everything; if not, and still not a moment later, it asks. */
  #beaconed({ rev, n }: BeaconMessage): boolean {
    const behind = () => rev > this.rev || n > this.#n;
    if (!behind()) return true;
    this.#doubt ||= window.setTimeout(() => {
      this.#doubt = 0;
      if (behind()) this.#connection.join();
    }, this.#connection.times.doubt);
    return false;
  }

  #signalled(signal: DownSignal): void {
    if (signal.type === "room") this.room = signal;
    else if (signal.type === "code") this.code = signal;
    else if (signal.type === "bye") this.#connection.comeBack(signal.after_ms);
    else {
      this.#connection.stop();
      this.#connected("refused", signal.code as RefusalCode);
    }
  }

  #connected(state: Connected, refusal?: RefusalCode): void {
    const away = this.connection === "offline" || this.connection === "restarting";
    if (state === "live" && away) {
      this.restored = true;
      window.setTimeout(() => {
        this.restored = false;
      }, RESTORED_FOR);
    }
    if (state === "offline") this.#adviseLater();
    else this.#advised();
    this.connection = state;
    if (state !== "refused") return;
    this.refusal = refusal ?? "not_signed_in";
    this.#wipe();
  }

  #adviseLater(): void {
    this.#advice ||= window.setTimeout(() => {
      this.longOffline = true;
    }, this.#connection.times.advice - this.#connection.times.offline);
  }

  #advised(): void {
    window.clearTimeout(this.#advice);
    this.#advice = 0;
    this.longOffline = false;
  }

  /** This device serves the seat no longer: nothing of it stays. */
  #wipe(): void {
    this.kept.wipe();
    this.view = this.own = this.roll = this.room = this.code = null;
    this.held = [];
    this.follow = START;
    this.notice = null;
    this.gone = false;
    this.#said = null;
    this.rev = 0;
    window.clearTimeout(this.#report);
  }

  /** The server's seconds, for what is asked of it now; null before the first beacon. */
  #now(): number | null {
    return this.#connection.clock.at(performance.now());
  }

  #giveTurn({ document, version, page, at: tapped }: Turn, seenRev: number): Promise<Answer> {
    const command: Command = { type: "page.show", document, version, page };
    return this.#sendNow(stamped({ id: newId(), command, if_rev: seenRev }, tapped));
  }

  #sendNow(sent: Sent): Promise<Answer> {
    const perishes = !DURABLE[sent.command.type];
    if (perishes && sent.at === undefined) return Promise.resolve(refused("too_late"));
    return this.#deliver(sent);
  }

  async #deliver(sent: Sent): Promise<Answer> {
    const { times } = this.#connection;
    const ways = {
      socket: (what: Sent) => this.#connection.send(what),
      post: (what: Sent) => postCommand(this.seat, what, patienceFor(what, times)),
      pause: (ms: number) => new Promise<void>((done) => window.setTimeout(done, ms)),
      now: () => performance.now(),
      refusal: () => this.refusal,
    };
    const answer = await deliver(sent, ways, times);
    if (this.refusal === null) this.#outbox.answered(sent.id);
    return answer;
  }

  /** Tells the room what this device shows, unless it was the last thing told. */
  #say(signal: UpSignal, again = false): void {
    if (!again && JSON.stringify(signal) === JSON.stringify(this.#said)) return;
    this.#said = signal;
    window.clearTimeout(this.#report);
    this.#report = window.setTimeout(() => {
      this.#connection.signal(signal);
    }, Math.random() * this.#connection.times.report);
  }
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
