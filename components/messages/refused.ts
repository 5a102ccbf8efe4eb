import { shortDigest } from "../plan/node-names";
import type { Refused } from "../plan/refused";
import { count, firstOf } from "./plurals";

const maxNamed = 3;

/** Writes which versions stay for one reason: `45 versions, with 90 more that they need: Publicly visible … (sha256:…, … and 42 more)`. */
export function refusedText({ answer, digests, parts }: Refused): string {
  const along = parts === 0 ? "" : `, with ${parts} more that ${digests.length === 1 ? "it needs" : "they need"}`;
  return `${count(digests.length, "version")}${along}: ${answer.replace(/\.$/, "")} (${named(digests)})`;
}

/** Writes of versions that a run could not delete, and that are gone, what puts them into the ledger. */
export function goneSinceText(digests: readonly string[]): string {
  const records = `\`pulumi refresh\`, then \`pulumi up\` records ${digests.length === 1 ? "it" : "them"}`;
  return `${count(digests.length, "version")} that somebody else deleted since: ${records} (${named(digests)})`;
}

function named(digests: readonly string[]): string {
  return firstOf(digests.map(shortDigest), maxNamed);
}
