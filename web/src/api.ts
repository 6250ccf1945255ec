/** Typed fetch for the HTTP routes of a seat. A refusal becomes the one error `Refused`. */
import type { CardView, RollView, Sent } from "./protocol";

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

/** Address of a page image. `address` comes from the viewer's own view; width in pixels. */
export function pageUrl(seat: string, address: string, page: number, width: number): string {
  return `/p/${seat}/${address}/${String(page)}?w=${String(width)}`;
}

async function ask(url: string): Promise<unknown> {
  const response = await read(url, { headers: { "X-Phien": "1" } });
  if (!response.ok) throw await refusal(response);
  return response.json();
}

/** The refusal that a response not in the 200s carries. */
export async function refusal(response: Response): Promise<Refused> {
  const said = (await response.json().catch(() => null)) as Partial<Refused> | null;
  return new Refused(said?.code ?? "server_fault", said?.data);
}

async function read(url: string, init: RequestInit, patience = PATIENCE): Promise<Response> {
  const ends = new AbortController();
  const timer = setTimeout(() => {
    ends.abort();
  }, patience);
  try {
    return await fetch(url, { credentials: "same-origin", ...init, signal: ends.signal });
  } finally {
    clearTimeout(timer);
  }
}
