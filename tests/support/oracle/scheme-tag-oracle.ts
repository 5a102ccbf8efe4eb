const targets = new Map<string, string | undefined>();

/** The digest, or its beginning, that a tool's tag such as `sha256-<hex>.sig` names; undefined for a tag that a person chose. */
export function schemeTarget(tag: string): string | undefined {
  // Oracles ask for every pair of versions, so each tag is read once.
  if (targets.size > 10_000) targets.clear();
  if (!targets.has(tag)) targets.set(tag, readTarget(tag));
  return targets.get(tag);
}

function readTarget(tag: string): string | undefined {
  const dot = tag.indexOf(".");
  if (dot === tag.length - 1) return undefined;
  const [algorithm, hex, ...more] = (dot < 0 ? tag : tag.slice(0, dot)).split("-");
  if (algorithm === undefined || hex === undefined || more.length > 0) return undefined;
  const isLong = (algorithm === "sha256" && hex.length === 64) || (algorithm === "sha512" && (hex.length === 64 || hex.length === 128));
  return isLong && /^[0-9a-f]+$/.test(hex) ? `${algorithm}:${hex}` : undefined;
}
