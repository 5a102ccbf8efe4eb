import { z } from "zod";
import type { ApprovedIds } from "../../approval/record";

/** {@link ApprovedIds} as the diff prints them: one line each, separated by spaces. */
export interface StoredIds {
  readonly images: string;
  readonly parts: string;
  readonly tags: string;
  /** Plan ids. */
  readonly continues?: string;
  /** The first digits of digests. */
  readonly kept?: string;
  readonly automatic?: true;
}

/** Words separated by spaces. */
export const Words = z.string().transform((text) => text.split(" ").filter(Boolean));
const Ids = Words.transform((words) => words.map(Number));

/** An approved plan on record. Earlier builds stored neither `continues`, `kept` nor `automatic`. */
export const StoredPlan = z
  .object({
    images: Ids,
    parts: Ids,
    tags: Words,
    continues: Words.optional(),
    kept: Words.optional(),
    automatic: z.literal(true).optional(),
  })
  .transform(
    ({ continues, kept, automatic, ...ids }): ApprovedIds => ({
      ...ids,
      ...(continues ? { continues } : {}),
      ...(kept ? { kept } : {}),
      ...(automatic ? { automatic } : {}),
    }),
  );

/** Writes approved plans as inputs hold them. */
export function storePlans(plans: Readonly<Record<string, ApprovedIds>>): Record<string, StoredIds> {
  const line = (ids: readonly number[]) => [...ids].sort((a, b) => a - b).join(" ");
  return Object.fromEntries(
    Object.entries(plans).map(([id, { images, parts, tags, continues, kept, automatic }]) => [
      id,
      {
        images: line(images),
        parts: line(parts),
        tags: tags.join(" "),
        ...(continues ? { continues: continues.join(" ") } : {}),
        ...(kept ? { kept: [...kept].sort().join(" ") } : {}),
        ...(automatic ? { automatic } : {}),
      },
    ]),
  );
}
