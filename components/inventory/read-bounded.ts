export interface Bounds {
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Why a body was not taken. */
export type BodyFlaw = "too long" | "too slow" | "broken off";

/** The whole body as it is after inflating, where it ends within the bounds. What is beyond them is never read. */
export async function readBounded(body: ReadableStream<Uint8Array> | null, { bytes, milliseconds }: Bounds): Promise<Buffer | BodyFlaw> {
  if (body === null) return Buffer.alloc(0);
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    // Ends the read that is under way.
    reader.cancel().catch(ignore);
  }, milliseconds);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (late) return "too slow";
      if (done) return Buffer.concat(chunks);
      size += value.byteLength;
      if (size > bytes) {
        reader.cancel().catch(ignore);
        return "too long";
      }
      chunks.push(value);
    }
  } catch {
    return "broken off";
  } finally {
    clearTimeout(timer);
  }
}

/** Closes an answer of which nothing more is wanted: it may never end, and would keep the process running. */
export function discard({ body }: { readonly body: ReadableStream<Uint8Array> | null }): void {
  if (body !== null && !body.locked) body.cancel().catch(ignore);
}

function ignore(): void {}
