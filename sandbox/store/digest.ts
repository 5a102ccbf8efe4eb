import { createHash } from "node:crypto";

const lengths: Readonly<Record<string, number>> = { sha256: 64, sha512: 128 };

export function digestOf(bytes: Buffer | string, algorithm = "sha256"): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/** Whether the text is a digest of a supported algorithm. */
export function isDigest(text: string): boolean {
  const [algorithm = "", hex = ""] = text.split(":");
  return lengths[algorithm] === hex.length && /^[0-9a-f]+$/.test(hex);
}

export function algorithmOf(digest: string): string {
  return digest.slice(0, digest.indexOf(":"));
}

export function matchesDigest(bytes: Buffer, digest: string): boolean {
  return digestOf(bytes, algorithmOf(digest)) === digest;
}
