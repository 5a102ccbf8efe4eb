import type { Readable } from "node:stream";

export interface Bounds {
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Why a body was not taken. */
export type BodyFlaw = "too long" | "too slow" | "broken off";

/** A body whose length HTTP holds it to. */
export interface KnownBody {
  /** Bytes. */
  readonly length: number;
  /** All of it at once, in half the time that it takes part by part. */
  read(): Promise<Uint8Array>;
}

/** A body that is still to be read, or dropped. */
export interface OpenBody {
  readonly body: AsyncIterable<Uint8Array>;
  /** Where the answer tells how long it is, and it need not be inflated. */
  readonly known?: KnownBody | undefined;
  /** Closes what nobody wants more of: it may never end, and would keep the process running. */
  drop(): void;
}

export function openBody(content: Readable, known?: KnownBody): OpenBody {
  return { body: content, known, drop: () => void content.on("error", () => {}).destroy() };
}

/** The whole body as it is after inflating, where it ends within the bounds. What is beyond them is never read. */
export async function readBounded(open: OpenBody, { bytes, milliseconds }: Bounds): Promise<Buffer | BodyFlaw> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    // Ends the read that is under way.
    open.drop();
  }, milliseconds);
  try {
    const body = await (open.known ? readAtOnce(open.known, bytes) : readByParts(open, bytes));
    if (body === undefined) open.drop();
    return late ? "too slow" : (body ?? "too long");
  } catch {
    return late ? "too slow" : "broken off";
  } finally {
    clearTimeout(timer);
  }
}

async function readAtOnce({ length, read }: KnownBody, most: number): Promise<Buffer | undefined> {
  if (length > most) return undefined;
  const { buffer, byteOffset, byteLength } = await read();
  return Buffer.from(buffer, byteOffset, byteLength);
}

async function readByParts({ body }: OpenBody, most: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    if (size > most) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
