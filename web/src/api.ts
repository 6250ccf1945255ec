/** Typed fetch for the HTTP routes of a seat. A refusal becomes the one error `Refused`. */
import type {
  CardView,
  ContentsView,
  FoundView,
  PageTextView,
  RollView,
  Sent,
  WantedWords,
} from "./protocol";

/** No answer within so many milliseconds counts as none. */
const PATIENCE = 8000;

/** The server said no. `code` is a refusal code, or `server_fault` where it gave none. */
export class Refused extends Error {
  readonly code: string;
  readonly data: Record<string, string | number>;

  constructor(code: string, data: Record<string, string | number> = {}) {
    super(code);
    this.code = code;
    this.data = data;
  }
}

export function getRoll(seat: string): Promise<RollView> {
  return ask(`/s/${seat}/roll`) as Promise<RollView>;
}

/** The card of seat `of`, asked for by `seat`: its owner or the desk. */
export function getCard(seat: string, of: string): Promise<CardView> {
  return ask(`/s/${seat}/card/${of}`) as Promise<CardView>;
}

/**
 * The same command as by the socket; what comes back may or may not be an answer, whatever the
 * status of the response. Rejects when nothing came within `patience` milliseconds.
 */
export async function postCommand(seat: string, sent: Sent, patience = PATIENCE): Promise<unknown> {
  const init: RequestInit = {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Phien": "1" },
    body: JSON.stringify(sent),
  };
  const response = await read(`/s/${seat}/command`, init, patience);
  return response.json();
}

/**
 * Address of a page image. `address` comes from the viewer's own view; width in pixels. `tile` is
 * one piece of a page so wide, 0 the whole of it.
 */
export function pageUrl(
  seat: string,
  address: string,
  page: number,
  width: number,
  tile = 0,
): string {
  const whole = `/p/${seat}/${address}/${String(page)}?w=${String(width)}`;
  return tile ? `${whole}&t=${String(tile)}` : whole;
}

/** Left, top, right and bottom of what is printed on each page, in thousandths; null: not known. */
export function getMargins(seat: string, address: string): Promise<(number[] | null)[]> {
  return ask(`/p/${seat}/${address}/margins`) as Promise<(number[] | null)[]>;
}

/** The words of a page. */
export function getPageText(
  seat: string,
  address: string,
  page: number,
  signal: AbortSignal,
): Promise<PageTextView> {
  return ask(`/s/${seat}/text/${address}/${String(page)}`, signal) as Promise<PageTextView>;
}

/** A paper's own contents, and what its pages call themselves. */
export function getContents(seat: string, address: string): Promise<ContentsView> {
  return ask(`/s/${seat}/contents/${address}`) as Promise<ContentsView>;
}

/** What is looked for goes in the body: no address, history or log ever has it. */
export async function postSearch(
  seat: string,
  wanted: WantedWords,
  signal?: AbortSignal,
): Promise<FoundView> {
  const init: RequestInit = {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Phien": "1" },
    body: JSON.stringify(wanted),
  };
  const response = await read(`/s/${seat}/search`, init, PATIENCE, signal);
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as FoundView;
}

async function ask(url: string, signal?: AbortSignal): Promise<unknown> {
  const response = await read(url, { headers: { "X-Phien": "1" } }, PATIENCE, signal);
  if (!response.ok) throw await refusal(response);
  return response.json();
}

/** The refusal that a response not in the 200s carries. */
export async function refusal(response: Response): Promise<Refused> {
  const said = (await response.json().catch(() => null)) as Partial<Refused> | null;
  return new Refused(said?.code ?? "server_fault", said?.data);
}

async function read(
  url: string,
  init: RequestInit,
  patience = PATIENCE,
  signal?: AbortSignal,
): Promise<Response> {
  const ends = new AbortController();
  signal?.addEventListener("abort", () => {
    ends.abort();
  });
  const timer = setTimeout(() => {
    ends.abort();
  }, patience);
  try {
    return await fetch(url, { credentials: "same-origin", ...init, signal: ends.signal });
  } finally {
    clearTimeout(timer);
  }
}
