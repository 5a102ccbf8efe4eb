/**
 * Tags that tools derive from a digest: the referrers fallback tag `sha256-<hex>`
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema, truncated to 64 hex
 * digits), and that tag with a suffix: cosign's `.sig`, `.att` and `.sbom`, imgpkg's `.image-locations.imgpkg`, and any other.
 */
const schemeTag = /^(sha256|sha512)-([0-9a-f]{64}|[0-9a-f]{128})(?:\.(.+))?$/;

export interface SchemeTag {
  /** A prefix of the subject's digest: the whole digest for `sha256:`, possibly truncated for `sha512:`. */
  readonly subjectPrefix: string;
  /** A description for people: `referrers`, `signature`, `attestation`, `SBOM`; `artifact (.vex)` for a suffix without a name. */
  readonly label: string;
}

const labels: ReadonlyMap<string, string> = new Map([
  ["sig", "signature"],
  ["att", "attestation"],
  ["sbom", "SBOM"],
  ["image-locations.imgpkg", "image locations"],
]);

export function parseSchemeTag(tag: string): SchemeTag | undefined {
  const [, algorithm, hex, suffix] = schemeTag.exec(tag) ?? [];
  if (algorithm === undefined) return undefined;
  return {
    subjectPrefix: `${algorithm}:${hex}`,
    label: suffix === undefined ? "referrers" : (labels.get(suffix) ?? `artifact (.${suffix})`),
  };
}

/** `imgpkg copy --repo-based-tags` puts the end of the source's name before the image's own digest, so the tag names no other version. */
const repositoryBasedTag = /-sha256-[0-9a-f]{64}\.imgpkg$/;

const none: readonly SchemeTag[] = [];

interface Tagged {
  readonly digest: string;
  readonly tags: readonly string[];
}

/** Returns the tags that people set. Tools derive the others from a digest: that of another version, or that of this version itself. */
export function userTagsOf({ tags }: Pick<Tagged, "tags">): readonly string[] {
  return tags.length === 0 ? tags : tags.filter((tag) => parseSchemeTag(tag) === undefined && !repositoryBasedTag.test(tag));
}

/**
 * Returns the scheme tags of a version that name another one. A tag that names the digest of its own version, as those of
 * `cosign copy` and `imgpkg copy` do, refers to nothing.
 */
export function schemesOf({ digest, tags }: Tagged): readonly SchemeTag[] {
  if (tags.length === 0) return none;
  return tags.flatMap((tag) => {
    const scheme = parseSchemeTag(tag);
    return scheme === undefined || digest.startsWith(scheme.subjectPrefix) ? [] : [scheme];
  });
}

/** Tags have at most 128 characters, so fallback tags hold only the first 64 hex digits of a sha512 digest. */
export function isCuttable(digest: string): boolean {
  return digest.startsWith("sha512:");
}

export function cut(digest: string): string {
  return digest.slice(0, "sha512:".length + 64);
}
