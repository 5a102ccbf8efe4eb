/** The digest, or its beginning, that a tool's tag such as `sha256-<hex>.sig` names; undefined for a tag that a person chose. */
export function schemeTarget(tag: string): string | undefined {
  const dot = tag.indexOf(".");
  if (dot === tag.length - 1) return undefined;
  const [algorithm, hex, ...more] = (dot < 0 ? tag : tag.slice(0, dot)).split("-");
  if (algorithm === undefined || hex === undefined || more.length > 0) return undefined;
  if (![...hex].every((character) => "0123456789abcdef".includes(character))) return undefined;
  const lengths: Record<string, number[]> = { sha256: [64], sha512: [64, 128] };
  return lengths[algorithm]?.includes(hex.length) ? `${algorithm}:${hex}` : undefined;
}
