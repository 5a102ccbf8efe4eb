import { z } from "zod";
import { digestPrefix } from "../../approval/record";
import { type DeletionReason, kindOf, type Reasons, type RecordedKind } from "../../plan/deletion-reason";

/** Digests to texts for people. No code reads them: the kinds on which something depends are stored beside them. */
export type StoredReasons = Readonly<Record<string, string>>;

const kinds = ["tagged-image", "untagged-image", "part", "leftover", "interrupted"] as const satisfies readonly RecordedKind[];

/** Most versions of a plan are parts of images, so they are not stored. */
const unstored: RecordedKind = "part";

/** Kinds of reasons, to the {@link digestPrefix}es of their versions, as one line each. A version without a kind is a part of an image. */
export const StoredKinds = z.partialRecord(z.enum(kinds), z.string());
export type StoredKinds = z.output<typeof StoredKinds>;

/** Returns the kinds of these reasons as state holds them; `undefined` where a reason on record has none. */
export function storeKinds(reasons: Reasons): StoredKinds | undefined {
  const prefixes = new Map<RecordedKind, string[]>();
  for (const [digest, reason] of Object.entries(reasons)) {
    const kind = kindOf(reason);
    if (kind === undefined) return undefined;
    if (kind === unstored) continue;
    prefixes.set(kind, [...(prefixes.get(kind) ?? []), digestPrefix(digest)]);
  }
  return Object.fromEntries([...prefixes].sort().map(([kind, all]) => [kind, all.sort().join(" ")]));
}

/** Returns reasons from their stored texts, each with its kind where kinds were stored. */
export function recallReasons(texts: StoredReasons, stored?: StoredKinds): Reasons {
  const byPrefix = new Map(
    kinds.flatMap((kind) => (stored?.[kind] ?? "").split(" ").map((prefix): [string, RecordedKind] => [prefix, kind])),
  );
  return Object.fromEntries(
    Object.entries(texts).map(([digest, text]): [string, DeletionReason] => {
      if (stored === undefined) return [digest, { kind: "recorded", text }];
      return [digest, { kind: "recorded", text, was: byPrefix.get(digestPrefix(digest)) ?? unstored }];
    }),
  );
}
