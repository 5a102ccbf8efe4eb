import * as pulumi from "@pulumi/pulumi";
import type { OrganizationInput } from "../config/organization-schema";
import { readOrganization, type WholeOrganization } from "../config/stack-organizations";
import type { ImageInUse } from "../in-use/in-use";
import { ConfigError } from "../model/errors";
import type { Summary } from "../report/organization-summary";
import { declarePackages, type Protection } from "./declare-packages";

export interface OrganizationRetentionArgs extends Omit<OrganizationInput, "protect" | "use"> {
  /** The GitHub user or organisation that owns the packages. */
  owner: OrganizationInput["owner"];
  /** What may go and what must stay, in every package. Keep beats delete; what no rule deletes stays. */
  rules?: OrganizationInput["rules"];
  /** Names, globs or `/regular expressions/`, and the same after `!` for what they do not mean. Names alone need no list from GitHub. Default: all. */
  packages?: OrganizationInput["packages"];
  /** Only packages of such visibility. */
  visibility?: OrganizationInput["visibility"];
  /** Only packages that GitHub says are connected to such a repository, `owner/name`: patterns as in `packages`. */
  repositories?: OrganizationInput["repositories"];
  /** By package name or pattern: more that stays, and stricter bounds. Nothing may be weaker. */
  overrides?: OrganizationInput["overrides"];
  /** For each package: at the most so many versions in one run (default 200), and this share of it in one plan (default 50). */
  limits?: OrganizationInput["limits"];
  /** Nothing younger is ever touched: it may be a push in flight. Default and least: `1d`. */
  minimumAge?: OrganizationInput["minimumAge"];
  /** Mark now, sweep later: a version goes only when an earlier `pulumi up` recorded it as deletable at least this long ago. */
  grace?: OrganizationInput["grace"];
  /** `required` (default): an id in `approve` lets its plan go. `automatic`: every plan within the limits goes. */
  approval?: OrganizationInput["approval"];
  /** The id of all plans of one preview, as its summary prints it. */
  approve?: OrganizationInput["approve"];
  /** Whether a package that cannot be read fails the run at its end (default), or is a warning. The others are previewed and applied either way. */
  onError?: OrganizationInput["onError"];
  /**
   * What stays in every package: digests, tags, and references of images in use, which are sorted to their packages.
   * One that is in use and not there is an error. Not known yet: nothing is deleted.
   */
  protect?: pulumi.Input<pulumi.Input<string | ImageInUse | readonly ImageInUse[]>[]> | undefined;
  /** Where this stands in the stack's config, such as `ghcr-retention:organizations[0]`: the preview's approval lines name it. */
  configPath?: string | undefined;
  /** As the stack's config has it, with rule sets and defaults. */
  whole?: WholeOrganization | undefined;
  /** Packages that have a policy of their own in this stack, `owner/name` in lower case, with its place. */
  elsewhere?: ReadonlyMap<string, string> | undefined;
}

/**
 * One retention policy for many packages of an owner: a {@link RetentionPolicy} for each that its patterns select, those
 * that appear later as well. Removing it, or a package from it, deletes nothing in the registry.
 */
export class OrganizationRetention extends pulumi.ComponentResource {
  /** How it stands with all packages. */
  readonly summary: pulumi.Output<Summary>;
  /** The id that approves all plans of this run, or `none`. */
  readonly planId: pulumi.Output<string>;

  constructor(name: string, args: OrganizationRetentionArgs, opts?: pulumi.ComponentResourceOptions) {
    const whole = args.whole ?? wholeOf(args);
    const { organization, shared, overrides } = whole;
    const protect = protectionOf(whole, args.protect);
    super("ghcr:index:OrganizationRetention", name, { ...organization, ...shared, overrides, protect }, opts);
    // The packages are listed before any of them is declared, and then declared at once: an `apply` would leave them out of previews.
    const packages = pulumi.output(declarePackages(this, { ...args, whole, protect }));
    this.summary = packages.apply(({ summary }) => settled(summary));
    this.planId = packages.apply(({ planId }) => settled(planId));
    this.registerOutputs({ summary: this.summary, planId: this.planId });
  }
}

/**
 * What only an update can tell. A preview cannot know it: numbers and days move until the update, and the engine holds an update to
 * every output of a saved plan.
 */
function settled<Value>(value: Value): Value {
  return pulumi.runtime.isDryRun() ? (pulumi.unknown as unknown as Value) : value;
}

/** What is in use, flat: the functions that find images give lists. */
function protectionOf(whole: WholeOrganization, protect: OrganizationRetentionArgs["protect"]): Protection {
  return pulumi
    .output(protect ?? [])
    .apply((known) => [...whole.protect, ...(known as readonly (string | ImageInUse | readonly ImageInUse[])[]).flat()]);
}

function wholeOf(args: OrganizationRetentionArgs): WholeOrganization {
  const { protect: _protect, configPath: _configPath, whole: _whole, elsewhere: _elsewhere, ...written } = args;
  try {
    return readOrganization(Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)));
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}
