/**
 * Tags that clients derive from a digest: the referrers fallback tag `sha256-<hex>`
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema, truncated to 64 hex
 * digits) and cosign's `sha256-<hex>.sig`, `.att`, `.sbom`.
 */
const schemeTag = /^(sha256|sha512)-([0-9a-f]{64}|[0-9a-f]{128})(?:\.(sig|att|sbom))?$/;

export interface SchemeTag {
  /** A prefix of the subject's digest: the whole digest for `sha256:`, possibly truncated for `sha512:`. */
  readonly subjectPrefix: string;
  /** A description for people: `referrers`, `signature`, `attestation`, `SBOM`. */
  readonly label: string;
}

const labels: Readonly<Record<string, string>> = { sig: "signature", att: "attestation", sbom: "SBOM" };

export function parseSchemeTag(tag: string): SchemeTag | undefined {
  const match = schemeTag.exec(tag);
  if (!match) return undefined;
  return { subjectPrefix: `${match[1]}:${match[2]}`, label: labels[match[3] ?? ""] ?? "referrers" };
}

const none: readonly SchemeTag[] = [];

interface Tagged {
  readonly digest: string;
  readonly tags: readonly string[];
}

/** Returns the tags that people set. */
export function userTagsOf(version: Tagged): readonly string[] {
  if (version.tags.length === 0) return version.tags;
  return version.tags.filter((tag) => schemeOf(version, tag) === undefined);
}

/** Returns the parsed scheme tags of a version. */
export function schemesOf(version: Tagged): readonly SchemeTag[] {
  if (version.tags.length === 0) return none;
  return version.tags.map((tag) => schemeOf(version, tag)).filter((scheme) => scheme !== undefined);
}

/** Parses a scheme tag. A tag that names the digest of its own version refers to no other version and counts as a user's tag. */
function schemeOf({ digest }: Tagged, tag: string): SchemeTag | undefined {
  const scheme = parseSchemeTag(tag);
  return scheme === undefined || digest.startsWith(scheme.subjectPrefix) ? undefined : scheme;
}
