import type { LastTagged } from "../model/inventory";

/** Writes when an image lost its tag, as far as runs can tell: `untagged since 2026-11-20 at the earliest, was prod`. */
export function lastTaggedText({ day, tag }: LastTagged): string {
  return `untagged since ${day} at the earliest${tag === undefined ? "" : `, was ${tag}`}`;
}
