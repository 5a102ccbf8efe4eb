import { z } from "zod";

export const Digest = z.string().regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/);

/** The algorithm and the first twelve digits, the form of digests in the evidence. */
export const ShortDigest = z.string().regex(/^sha(256|512):[0-9a-f]{12}$/);

export function shortDigest(digest: string): string {
  return digest.slice(0, digest.indexOf(":") + 1 + 12);
}
