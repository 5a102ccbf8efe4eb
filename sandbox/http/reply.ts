/** A reply before it is written. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  /** Set where GitHub tells nothing of its limits. */
  readonly withoutLimits?: true;
}

export function reply(status: number, headers: Record<string, string> = {}, body: string | Buffer = ""): Reply {
  return { status, headers, body };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body: JSON.stringify(body) };
}

export function bytesOf(body: string | Buffer): Buffer {
  return typeof body === "string" ? Buffer.from(body) : body;
}
