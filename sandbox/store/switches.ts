import { z } from "zod";

/**
 * Undocumented behaviour of GHCR. Each switch has both settings, so that clients can be tested against both.
 * `POST /_sandbox/switches` takes any of them.
 */
export const Switches = z.strictObject({
  /** `updated_at` changes when a version gains a tag. */
  updatedAtOnTagGain: z.boolean().default(true),
  /** `updated_at` changes when a version loses a tag. For retention the opposite is the harder case. */
  updatedAtOnTagLoss: z.boolean().default(false),
  /** `updated_at` changes when the same digest is pushed again without a change. */
  updatedAtOnRepush: z.boolean().default(false),
  /** `updated_at` changes when the manifest is pulled. */
  updatedAtOnPull: z.boolean().default(false),
  /** `updated_at` changes when a deleted version is restored. */
  updatedAtOnRestore: z.boolean().default(false),
  /** A change of the package itself, such as its visibility, renews `updated_at` of all its versions: seen, with an unknown cause. */
  updatedAtOnPackageChange: z.boolean().default(false),
  /** HEAD of a manifest counts as a download, like GET. */
  headCountsAsDownload: z.boolean().default(false),
  /** A restored version regains the tags that no other version has taken. */
  tagsReturnOnRestore: z.boolean().default(true),
  /** The list of deleted versions contains their former tags. */
  deletedListsTags: z.boolean().default(true),
  /** The list of deleted versions says when each was deleted. */
  deletedListsTimes: z.boolean().default(true),
  /** A token that may only read can list deleted versions; otherwise 403. */
  deletedListsToReaders: z.boolean().default(true),
  /** When a deleted digest is pushed again, the old version returns with its `created_at`, or a new one is created. */
  repushOfDeleted: z.enum(["revive", "new-version"]).default("new-version"),
  /** With `new-version`, the old version stays in the list of deleted versions; restoring it is then a conflict. */
  deletedListedAfterRepush: z.boolean().default(true),
  /** The reply of the unsupported referrers API, and of paths that no registry has: a 303 to another host, or a 404. */
  referrers: z.enum(["redirect", "not-found"]).default("redirect"),
  /** A list of deployment records leaves out what is decommissioned, or names each status. */
  decommissionedRecords: z.enum(["omitted", "listed"]).default("omitted"),
  /** The deployment records of a digest that has none: an empty list, or a 404. */
  unrecordedArtifact: z.enum(["empty", "not-found"]).default("empty"),
  /** Answers to a workflow's token carry `x-ratelimit-*`; the refusal past its limit never does. */
  installationRateHeaders: z.boolean().default(true),
  /** `POST /token`, which containerd and buildx send first: GHCR answers 405, other registries issue a token. */
  tokenByPost: z.enum(["not-allowed", "issue"]).default("not-allowed"),
  /** The error for deleting the last tagged version; GHCR was observed to use the one about downloads. */
  lastTaggedRefusal: z.enum(["last-tagged", "downloads"]).default("last-tagged"),
  /** A pushed image manifest's config and layers must have been uploaded. */
  requireBlobs: z.boolean().default(true),
  /** A pushed index's children must exist. */
  requireChildren: z.boolean().default(false),
  /** A manifest is served only if `Accept` names its media type; otherwise GHCR answers 404. */
  acceptEnforced: z.boolean().default(true),
  /** A blob can be pushed by one POST that names its digest; otherwise that begins an upload, as the specification allows. */
  uploadByOnePost: z.boolean().default(true),
  /** The visibility of a package that a push creates. */
  newPackageVisibility: z.enum(["private", "public", "internal"]).default("private"),
});
export type Switches = z.infer<typeof Switches>;

/** Has no defaults: an omitted switch keeps its setting. */
export const SwitchChanges = z.strictObject(
  Object.fromEntries(Object.entries(Switches.shape).map(([name, field]) => [name, field.removeDefault().optional()])),
);
export type SwitchChanges = { [Name in keyof Switches]?: Switches[Name] | undefined };

export function defaultSwitches(): Switches {
  return Switches.parse({});
}
