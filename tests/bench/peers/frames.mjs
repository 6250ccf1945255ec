/** WebSocket frames as a client needs them (RFC 6455): text and control frames, no extensions. */
import { randomBytes } from "node:crypto";

export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** A masked frame, as clients must send it. */
export function frame(opcode, text) {
  const body = Buffer.from(text);
  const long = body.length > 125 ? (body.length > 65535 ? 8 : 2) : 0;
  const out = Buffer.allocUnsafe(6 + long + body.length);
  out[0] = 0x80 | opcode;
  if (long === 0) out[1] = 0x80 | body.length;
  else if (long === 2) {
    out[1] = 0x80 | 126;
    out.writeUInt16BE(body.length, 2);
  } else {
    out[1] = 0x80 | 127;
    out.writeBigUInt64BE(BigInt(body.length), 2);
  }
  const mask = randomBytes(4);
  mask.copy(out, 2 + long);
  for (let at = 0; at < body.length; at += 1) out[6 + long + at] = body[at] ^ mask[at & 3];
  return out;
}

export function handshake({ host, port, path, cookie }) {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    "Sec-WebSocket-Version: 13",
    ...(cookie ? [`Cookie: ${cookie}`] : []),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/**
 * Takes what a socket reads and hands on whole frames as (opcode, bytes, from, to, size): the
 * payload lies in `bytes` from `from` to `to`, `size` counts the frame as it came over the wire.
 * Bytes of an unfinished frame are kept; nothing else is copied.
 */
export class Frames {
  #rest = null;
  #onFrame;

  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  take(read) {
    let bytes = read;
    if (this.#rest !== null) {
      bytes = Buffer.concat([this.#rest, read]);
      this.#rest = null;
    }
    let at = 0;
    while (bytes.length - at >= 2) {
      let length = bytes[at + 1];
      let head = 2;
      if (length === 126) {
        if (bytes.length - at < 4) break;
        length = bytes.readUInt16BE(at + 2);
        head = 4;
      } else if (length === 127) {
        if (bytes.length - at < 10) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
        head = 10;
      }
      const from = at + head;
      const to = from + length;
      if (to > bytes.length) break;
      this.#onFrame(bytes[at] & 15, bytes, from, to, head + length);
      at = to;
    }
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }
}
