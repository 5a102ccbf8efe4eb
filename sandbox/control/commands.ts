import { z } from "zod";
import { findVersion } from "../faults/victims";
import { type Limits, Limits as LimitsSchema, type RateLimiter } from "../github/limits";
import { DeploymentReport } from "../store/deployment-records";
import type { Store } from "../store/store";
import { SwitchChanges } from "../store/switches";
import { newToken, type TokenRequest } from "../store/tokens";

export class UnknownVersion extends Error {
  override readonly name = "UnknownVersion";
}

/** `now` sets the time and stops the clock, with `running` the clock continues from there; `advance` moves it by seconds. */
export const ClockCommand = z
  .strictObject({ now: z.string().optional(), advance: z.number().optional(), running: z.boolean().default(false) })
  .refine(({ now, advance }) => now !== undefined || advance !== undefined, "needs now or advance");
export type ClockCommand = z.input<typeof ClockCommand>;

export function setClock(store: Store, command: ClockCommand): void {
  const { now, advance, running } = ClockCommand.parse(command);
  if (now !== undefined) store.clock.set(now, running);
  if (advance !== undefined) store.clock.advance(advance);
  store.journal.settingsChanged();
}

export const LatencyCommand = z.union([
  z.strictObject({ ms: z.number().nonnegative() }),
  z.strictObject({ api: z.number().nonnegative(), registry: z.number().nonnegative() }),
]);

export const OwnerCommand = z.strictObject({
  login: z.string().min(1),
  type: z.enum(["User", "Organization"]),
  /** What the organisation asks of classic tokens. */
  tokenPolicy: z.enum(["any", "single-sign-on", "no-classic"]).default("any"),
});

/** GitHub's own report of a deployment, with the organisation. */
export const DeploymentCommand = DeploymentReport.extend({ owner: z.string().min(1) });

export function reportDeployment(store: Store, command: z.input<typeof DeploymentCommand>): void {
  const { owner, ...report } = DeploymentCommand.parse(command);
  store.deployments.report(owner, report, store.clock.now());
  store.journal.settingsChanged();
}

/** Creates or changes a package. `versions` changes properties that no push and no API call can. */
export const PackageCommand = z.strictObject({
  package: z.string().regex(/^[^/]+\/.+$/, "must be owner/name"),
  visibility: z.enum(["public", "private", "internal"]).optional(),
  /** The connected repository, `owner/name`. */
  repository: z
    .string()
    .regex(/^[^/]+\/[^/]+$/, "must be owner/name")
    .optional(),
  versions: z
    .array(
      z.strictObject({
        /** Digest, id or tag. */
        version: z.union([z.string(), z.int()]),
        downloads: z.int().nonnegative().optional(),
        createdAt: z.iso.datetime().optional(),
        updatedAt: z.iso.datetime().optional(),
        /** Listed by GitHub, but missing in the registry. */
        unknownToRegistry: z.boolean().optional(),
        /** Additional tags that GitHub's list shows for the version. */
        alsoListedTags: z.array(z.string()).optional(),
      }),
    )
    .default([]),
});
export type PackageCommand = z.input<typeof PackageCommand>;

export function setPackage(store: Store, command: PackageCommand): void {
  const { package: repository, visibility, repository: source, versions } = PackageCommand.parse(command);
  const pkg = store.findOrCreate(repository);
  if (visibility !== undefined) pkg.visibility = visibility;
  if (source !== undefined) pkg.source = source;
  store.journal.packageChanged(pkg);
  if (visibility !== undefined || source !== undefined) store.packageChanged(pkg);
  for (const change of versions) {
    const version = findVersion(pkg, change.version);
    if (version === undefined) throw new UnknownVersion(`${repository} has no version ${change.version}`);
    const moves = change.createdAt !== undefined;
    if (moves) pkg.active.remove(version);
    version.createdAt = change.createdAt === undefined ? version.createdAt : Date.parse(change.createdAt);
    version.updatedAt = change.updatedAt === undefined ? version.updatedAt : Date.parse(change.updatedAt);
    if (moves) pkg.active.add(version);
    version.downloads = change.downloads ?? version.downloads;
    version.unknownToRegistry = change.unknownToRegistry ?? version.unknownToRegistry;
    version.alsoListedTags = change.alsoListedTags ?? version.alsoListedTags;
    pkg.touch(version);
  }
}

export function setSwitches(store: Store, changes: SwitchChanges): void {
  Object.assign(store.switches, SwitchChanges.parse(changes));
  store.journal.settingsChanged();
}

/** Sets the limits; an omitted one returns to its default. */
export function setLimits(limiter: RateLimiter, limits: z.input<typeof LimitsSchema>): Limits {
  limiter.limits = LimitsSchema.parse(limits);
  return limiter.limits;
}

export function createToken(store: Store, request: TokenRequest): string {
  const { token } = store.tokens.add(newToken(request));
  store.journal.settingsChanged();
  return token;
}

export function setOwner(store: Store, { login, type, tokenPolicy }: z.output<typeof OwnerCommand>): void {
  store.owners.set(login, type, tokenPolicy);
  store.journal.settingsChanged();
}
