import type { Node } from "./graph";
import { schemesOf } from "./tag-schemes";

/** Returns those of the digests that a version refers to, as its subject or by its tags. */
export function subjectsAmong({ version, manifest }: Pick<Node, "version" | "manifest">, digests: readonly string[]): string[] {
  const prefixes = schemesOf(version).map(({ subjectPrefix }) => subjectPrefix);
  if (manifest?.subject === undefined && prefixes.length === 0) return [];
  return digests.filter((digest) => digest === manifest?.subject || prefixes.some((prefix) => digest.startsWith(prefix)));
}
