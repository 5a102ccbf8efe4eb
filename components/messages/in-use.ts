import type { InUseSummary } from "../model/in-use-summary";
import { count } from "./plurals";

const maxNamed = 3;
const maxUnread = 10;

/** Writes how many images in use a policy was told of, and by what. */
export function inUseText({ references, here, from }: InUseSummary): string {
  const sources = from.length === 0 ? "" : `, from ${shortened(from, maxNamed, ", ")}`;
  return `in use: ${count(references, "reference")}, ${here} of them in this package${sources}`;
}

/** Names the references that protect nothing because they are not understood; `undefined` if there are none. */
export function unreadText({ unread }: InUseSummary): string | undefined {
  if (unread.length === 0) return undefined;
  const expected = "expected `image: <registry>/<owner>/<package>:<tag>`, or `@<digest>`";
  return `in use, but not understood, so it protects nothing (${expected}): ${shortened(unread, maxUnread, "; ")}`;
}

function shortened(all: readonly string[], most: number, separator: string): string {
  const more = all.length - most;
  return [...all.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].join(separator);
}
