import { z } from "zod";

/**
 * What GHCR does where nobody documents it. Each can be had both ways, so that a client is tested against both.
 * `POST /_sandbox/switches` takes any of them.
 */
export const Switches = z.strictObject({
  /** A version's `updated_at` moves when it gains a tag. */
  updatedAtOnTagGain: z.boolean().default(true),
  /** A version's `updated_at` moves when a tag is taken off it. The harder case for retention is that it does not. */
  updatedAtOnTagLoss: z.boolean().default(false),
  /** `updated_at` moves when the same digest is pushed again and nothing changes. */
  updatedAtOnRepush: z.boolean().default(false),
  /** `updated_at` moves when the manifest is pulled. */
  updatedAtOnPull: z.boolean().default(false),
  /** `updated_at` moves when a deleted version is restored. */
  updatedAtOnRestore: z.boolean().default(false),
  /** HEAD of a manifest counts as a download, as GET does. */
  headCountsAsDownload: z.boolean().default(false),
  /** A restored version gets its tags back, those that nothing else took meanwhile. */
  tagsReturnOnRestore: z.boolean().default(true),
  /** The list of deleted versions still names the tags they had. */
  deletedListsTags: z.boolean().default(true),
  /** A deleted digest pushed again: the old version comes back with its old `created_at`, or a new one is made. */
  repushOfDeleted: z.enum(["revive", "new-version"]).default("new-version"),
  /** With `new-version`: the deleted one stays in the list of deleted versions (restoring it is then a conflict). */
  deletedListedAfterRepush: z.boolean().default(true),
  /** The referrers API GHCR lacks: a 303 to another host, or a 404. */
  referrers: z.enum(["redirect", "not-found"]).default("redirect"),
  /** The text that refuses the last tagged version; GHCR has been seen to use the one about downloads. */
  lastTaggedRefusal: z.enum(["last-tagged", "downloads"]).default("last-tagged"),
  /** A pushed image manifest's config and layers must have been uploaded. */
  requireBlobs: z.boolean().default(true),
  /** A pushed index's children must be there. */
  requireChildren: z.boolean().default(false),
  /** A manifest is served only when `Accept` names its media type: GHCR answers 404 otherwise. */
  acceptEnforced: z.boolean().default(true),
  /** The visibility of a package made by a push. */
  newPackageVisibility: z.enum(["private", "public", "internal"]).default("private"),
});
export type Switches = z.infer<typeof Switches>;

/** Without `.default()`: what is not named stays as it is. */
export const SwitchChanges = z.strictObject(
  Object.fromEntries(Object.entries(Switches.shape).map(([name, field]) => [name, field.removeDefault().optional()])),
);
export type SwitchChanges = { [Name in keyof Switches]?: Switches[Name] | undefined };

export function defaultSwitches(): Switches {
  return Switches.parse({});
}
