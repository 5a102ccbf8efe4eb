import type { Node } from "../graph/graph";

/** `prod, v1.2` or the shortened digest. */
export function nameOf(node: Node): string {
  return node.userTags.length > 0 ? node.userTags.join(", ") : shortDigest(node.version.digest);
}

export function shortDigest(digest: string): string {
  return digest.slice(0, digest.indexOf(":") + 1 + 12);
}
