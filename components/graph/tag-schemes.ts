/**
 * Tags that clients write for a digest, not for people: the referrers fallback tag `sha256-<hex>`
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema, cut to 64 hex digits)
 * and cosign's `sha256-<hex>.sig`, `.att`, `.sbom`.
 */
const schemeTag = /^(sha256|sha512)-([0-9a-f]{64}|[0-9a-f]{128})(?:\.(sig|att|sbom))?$/;

export interface SchemeTag {
  /** The digest's beginning: `sha256:` and 64 hex digits are whole, `sha512:` may be cut. */
  readonly subjectPrefix: string;
  /** For people: `referrers`, `signature`, `attestation`, `SBOM`. */
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

/** The tags that people set. */
export function userTagsOf(version: Tagged): readonly string[] {
  if (version.tags.length === 0) return version.tags;
  return version.tags.filter((tag) => clientsNote(version, tag) === undefined);
}

/** What the other tags of a version say. */
export function schemesOf(version: Tagged): readonly SchemeTag[] {
  if (version.tags.length === 0) return none;
  return version.tags.map((tag) => clientsNote(version, tag)).filter((scheme) => scheme !== undefined);
}

/** A tag that names its own version says nothing about another, so it is no client's note. */
function clientsNote({ digest }: Tagged, tag: string): SchemeTag | undefined {
  const scheme = parseSchemeTag(tag);
  return scheme === undefined || digest.startsWith(scheme.subjectPrefix) ? undefined : scheme;
}
