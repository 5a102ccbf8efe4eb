/** A version by what people call it. */
export interface Named {
  readonly id?: number;
  readonly digest: string;
  readonly tags: readonly string[];
}

/** What a reference names. */
export type Match<Of> =
  | { readonly kind: "found"; readonly version: Of; readonly by: "tag" | "digest" | "id" }
  /** A digest's beginning that several versions share, or so few digits that they may as well be a misspelt tag. */
  | { readonly kind: "ambiguous"; readonly digests: readonly string[] }
  | { readonly kind: "none" };

/** At least so many digits without their algorithm are a digest's beginning; fewer may be a misspelt tag, such as a year. */
const certainDigits = 6;
/** At least so many may be one. */
const fewestDigits = 4;

/**
 * Finds the version that a tag, a digest, a digest's beginning or GitHub's version id names. Of versions that share a tag, the first one
 * counts: pass those that are there before those that are gone.
 */
export function findVersion<Of extends Named>(versions: readonly Of[], reference: string): Match<Of> {
  const tagged = versions.find(({ tags }) => tags.includes(reference));
  if (tagged !== undefined) return { kind: "found", version: tagged, by: "tag" };
  const numbered = /^\d+$/.test(reference) ? versions.find(({ id }) => id === Number(reference)) : undefined;
  if (numbered !== undefined) return { kind: "found", version: numbered, by: "id" };
  const beginning = beginningOf(reference);
  const matches = beginning === undefined ? [] : versions.filter(({ digest }) => beginning.test(digest));
  const [only, ...others] = matches;
  if (only === undefined) return { kind: "none" };
  const isCertain = isDigest(reference) || reference.length >= certainDigits;
  if (others.length > 0 || !isCertain) return { kind: "ambiguous", digests: matches.map(({ digest }) => digest) };
  return { kind: "found", version: only, by: "digest" };
}

function beginningOf(reference: string): RegExp | undefined {
  const [, algorithm, digits = ""] = /^(?:(sha256|sha512):)?([0-9a-f]+)$/.exec(reference) ?? [];
  if (digits === "" || (algorithm === undefined && digits.length < fewestDigits)) return undefined;
  return new RegExp(`^${algorithm ?? "sha\\d+"}:${digits}`);
}

/** Reports whether a reference can only mean a digest. */
export function isDigest(reference: string): boolean {
  return /^sha(256|512):/.test(reference);
}
