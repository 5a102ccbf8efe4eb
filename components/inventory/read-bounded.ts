import type { Readable } from "node:stream";

export interface Bounds {
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Why a body was not taken. */
export type BodyFlaw = "too long" | "too slow" | "broken off";

/** A body that is still to be read, or dropped. */
export interface OpenBody {
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes what nobody wants more of: it may never end, and would keep the process running. */
  drop(): void;
}

export function openBody(content: Readable): OpenBody {
  return { body: content, drop: () => void content.on("error", () => {}).destroy() };
}

/** The whole body as it is after inflating, where it ends within the bounds. What is beyond them is never read. */
export async function readBounded({ body, drop }: OpenBody, { bytes, milliseconds }: Bounds): Promise<Buffer | BodyFlaw> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    // Ends the read that is under way.
    drop();
  }, milliseconds);
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > bytes) return "too long";
      chunks.push(chunk);
    }
    return late ? "too slow" : Buffer.concat(chunks);
  } catch {
    return late ? "too slow" : "broken off";
  } finally {
    clearTimeout(timer);
  }
}
