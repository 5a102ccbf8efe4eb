import { z } from "zod";
import { DeploymentRecord } from "./deployment-records";
import type { Package } from "./package";
import type { Store } from "./store";
import { Switches } from "./switches";
import type { Version } from "./version";

/** The records of the journal. A later record of the same id replaces the earlier one. */
const PackageRecord = z.object({
  id: z.int(),
  owner: z.string(),
  name: z.string(),
  visibility: z.enum(["public", "private", "internal"]),
  createdAt: z.number(),
  updatedAt: z.number(),
  deletedAt: z.number().optional(),
  source: z.string().optional(),
});
export type PackageRecord = z.infer<typeof PackageRecord>;

const VersionRecord = z.object({
  package: z.int(),
  id: z.int(),
  digest: z.string(),
  mediaType: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  tags: z.array(z.string()),
  downloads: z.int(),
  deletedAt: z.number().optional(),
  unknownToRegistry: z.boolean(),
  alsoListedTags: z.array(z.string()),
  /** Removed for good. */
  gone: z.boolean(),
});
export type VersionRecord = z.infer<typeof VersionRecord>;

const SettingsRecord = z.object({
  clock: z.object({ frozenAt: z.number().nullable(), offset: z.number() }),
  switches: Switches,
  owners: z.array(
    z.object({
      login: z.string(),
      kind: z.enum(["User", "Organization"]),
      id: z.int(),
      tokenPolicy: z.enum(["any", "single-sign-on", "no-classic"]).default("any"),
    }),
  ),
  tokens: z.array(
    z.object({
      token: z.string(),
      kind: z.enum(["classic", "installation", "fine-grained"]),
      scopes: z.array(z.string()),
      role: z.enum(["admin", "write", "read", "none"]),
      packages: z.array(z.string()).optional(),
      artifactMetadata: z.enum(["write", "read", "none"]).default("write"),
      login: z.string(),
      organizationRole: z.enum(["admin", "member"]).default("member"),
      expiresAt: z.number().optional(),
    }),
  ),
  deployments: z.array(DeploymentRecord).default([]),
});
export type SettingsRecord = z.infer<typeof SettingsRecord>;

/** One line of the journal: the changes of one request. */
export const Entry = z.object({
  settings: SettingsRecord.optional(),
  packages: z.array(PackageRecord).default([]),
  versions: z.array(VersionRecord).default([]),
  /** The repository and the digest. */
  blobs: z.array(z.tuple([z.string(), z.string()])).default([]),
});
export type Entry = z.infer<typeof Entry>;

export function packageRecord({ id, owner, name, visibility, createdAt, updatedAt, deletedAt, source }: Package): PackageRecord {
  const optional = { ...(deletedAt === undefined ? {} : { deletedAt }), ...(source === undefined ? {} : { source }) };
  return { id, owner, name, visibility, createdAt, updatedAt, ...optional };
}

export function versionRecord(pkg: Package, { manifest: _bytes, deletedAt, ...version }: Version): VersionRecord {
  const gone = pkg.byId(version.id) === undefined;
  return { package: pkg.id, ...version, gone, ...(deletedAt === undefined ? {} : { deletedAt }) };
}

export function settingsRecord(store: Store): SettingsRecord {
  return {
    clock: store.clock.snapshot(),
    switches: store.switches,
    owners: store.owners.all(),
    tokens: store.tokens.all().map(({ packages, expiresAt, scopes, ...token }) => ({
      ...token,
      scopes: [...scopes],
      ...(packages === undefined ? {} : { packages: [...packages] }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    })),
    deployments: store.deployments.all(),
  };
}
