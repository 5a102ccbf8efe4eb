import { shortDigest } from "../plan/node-names";
import type { Refused } from "../plan/refused";
import { count, firstOf } from "./plurals";

const maxNamed = 3;

/** Writes which versions stay for one reason: `45 versions, with 90 more that they need: Publicly visible … (sha256:…, … and 42 more)`. */
export function refusedText({ answer, digests, parts }: Refused): string {
  const along = parts === 0 ? "" : `, with ${parts} more that ${digests.length === 1 ? "it needs" : "they need"}`;
  return `${count(digests.length, "version")}${along}: ${answer.replace(/\.$/, "")} (${firstOf(digests.map(shortDigest), maxNamed)})`;
}
