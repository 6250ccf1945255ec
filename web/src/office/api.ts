/**
 * Talking to the office's routes. Every refusal becomes the one error `Refused`; where nobody
 * answered, its code is `OFFLINE`. What is kept of that lives with whoever listens.
 */
import { Refused, refusal } from "../api";

export { Refused };

export const API = "/office/api";

/** The code of a `Refused` where no answer came. */
export const OFFLINE = "offline";

/** No answer within so many milliseconds counts as none. A password takes its time. */
const PATIENCE_MS = 20_000;

interface Listener {
  /** An answer came, or none did. */
  reached(answered: boolean): void;
  /** Whoever sits here is signed out. */
  signedOut(): void;
}
let listener: Listener | null = null;

export function listen(to: Listener): void {
  listener = to;
}

export function get<T>(path: string): Promise<T> {
  return ask<T>("GET", path);
}

export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return ask<T>("POST", path, json(body));
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return ask<T>("PUT", path, json(body));
}

/** Pasted text, as it is. */
export function postText<T>(path: string, text: string): Promise<T> {
  return ask<T>("POST", path, { type: "text/plain; charset=utf-8", bytes: text });
}

export interface Sending {
  method?: "PUT" | "POST";
  /** How much of it has gone, from 0 to 1. */
  progress?: (part: number) => void;
  /** Of a locked file. */
  password?: string;
  signal?: AbortSignal;
}

/** A whole file; there is no limit on how long it takes. */
export function sendFile<T>(path: string, file: Blob, sending: Sending = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(sending.method ?? "PUT", API + path);
    request.setRequestHeader("X-Phien", "1");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    if (sending.password) {
      request.setRequestHeader("X-File-Password", encodeURIComponent(sending.password));
    }
    request.upload.onprogress = ({ loaded, total }) => {
      sending.progress?.(total ? loaded / total : 0);
    };
    request.onload = () => {
      // Made anew, so that both ways of asking read an answer alike.
      const empty = request.status === 204;
      const response = new Response(empty ? null : request.responseText, {
        status: request.status,
      });
      answer<T>(response).then(resolve, reject);
    };
    request.onerror = () => {
      reject(unanswered());
    };
    request.onabort = () => {
      reject(new Refused(OFFLINE)); // by us; it says nothing of the server
    };
    sending.signal?.addEventListener("abort", () => {
      request.abort();
    });
    request.send(file);
  });
}

interface Body {
  type: string;
  bytes: string;
}

function json(body: unknown): Body {
  return { type: "application/json", bytes: JSON.stringify(body) };
}

async function ask<T>(method: string, path: string, body?: Body): Promise<T> {
  const ends = new AbortController();
  const timer = setTimeout(() => {
    ends.abort();
  }, PATIENCE_MS);
  const headers: Record<string, string> = { "X-Phien": "1" };
  if (body) headers["Content-Type"] = body.type;
  const init: RequestInit = { method, headers, credentials: "same-origin", signal: ends.signal };
  if (body) init.body = body.bytes;
  try {
    const response = await fetch(API + path, init).catch(() => {
      throw unanswered();
    });
    return await answer<T>(response);
  } finally {
    clearTimeout(timer);
  }
}

async function answer<T>(response: Response): Promise<T> {
  listener?.reached(true);
  if (!response.ok) {
    // A command that is to be asked again is no refusal and has no code.
    const said = response.status === 503 ? new Refused("server_busy") : await refusal(response);
    if (said.code === "not_signed_in") listener?.signedOut();
    throw said;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

function unanswered(): Refused {
  listener?.reached(false);
  return new Refused(OFFLINE);
}
