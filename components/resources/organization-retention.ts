import type { OrganizationInput } from "../config/organization-schema";
import { readOrganization, type WholeOrganization } from "../config/stack-organizations";
import type { ImageInUse } from "../in-use/in-use";
import { ConfigError } from "../model/errors";
import type { Summary } from "../report/organization-summary";
import * as pulumi from "../sdk/pulumi";
import { organizationType } from "./aliases";
import { declarePackages, type Protection } from "./declare-packages";
import { knownAfterUpdate } from "./known-outputs";
import { outputPaths } from "./policy-arguments";
import type { WaitingPlan } from "./waiting-plan";

export interface OrganizationRetentionArgs extends Omit<OrganizationInput, "protect" | "use"> {
  /** The GitHub user or organisation that owns the packages. */
  owner: OrganizationInput["owner"];
  /** Which images may be deleted and which must stay, in every package. Keep rules win over delete rules; an image that no rule deletes stays. */
  rules?: OrganizationInput["rules"];
  /** Package names, globs or `/regular expressions/`; those that begin with `!` exclude packages. If all are names, GitHub's list of packages is not needed. Default: all packages. */
  packages?: OrganizationInput["packages"];
  /** Only packages with one of these visibilities. */
  visibility?: OrganizationInput["visibility"];
  /** Only packages that are connected to a repository (`owner/name`) that matches one of these patterns, written as in `packages`. */
  repositories?: OrganizationInput["repositories"];
  /** Settings by package name or pattern. They may keep more and set stricter bounds, never weaken the policy. */
  overrides?: OrganizationInput["overrides"];
  /** For each package: maximum deletions per run (default 200) and maximum percentage of its versions per plan (default 50). */
  limits?: OrganizationInput["limits"];
  /** Versions younger than this are never deleted: they may belong to a push in progress. Default and minimum: `1d`. */
  minimumAge?: OrganizationInput["minimumAge"];
  /** Mark now, sweep later: a version is deleted only if an earlier `pulumi up` recorded it as deletable at least this long ago. */
  grace?: OrganizationInput["grace"];
  /** Who is asked where images run: what runs stays. As in {@link RetentionPolicyArgs}. */
  inUse?: OrganizationInput["inUse"];
  /** `required` (default): a plan is applied only if `approve` holds its id. `automatic`: every plan within the limits is applied. */
  approval?: OrganizationInput["approval"];
  /** The id that approves all plans of one preview, as printed by its summary. */
  approve?: OrganizationInput["approve"];
  /** Whether an approval that approves nothing, or a `restore` that brings nothing back, makes the run fail at its end (default) or is a notice. */
  onVoid?: OrganizationInput["onVoid"];
  /** Whether a package that cannot be read makes the run fail at its end (default) or is a warning. All other packages are previewed and applied either way. */
  onError?: OrganizationInput["onError"];
  /**
   * Digests and tags that stay in every package, and references to images in use, which protect the package they name.
   * An image that is in use but missing from its package is an error. While a value is not known, nothing is deleted.
   */
  protect?: pulumi.Input<pulumi.Input<string | ImageInUse | readonly ImageInUse[]>[]> | undefined;
  /** The policy's path in the stack's config, such as `ghcr-retention:organizations[0]`, for the approval lines of the preview. */
  configPath?: string | undefined;
  /** The policy of the stack's config, merged with rule sets and defaults. */
  whole?: WholeOrganization | undefined;
  /** The packages with a policy of their own in this stack: `owner/name` in lower case, and the policy's path in the config. */
  elsewhere?: ReadonlyMap<string, string> | undefined;
}

/**
 * A retention policy for many packages of an owner. It declares a {@link RetentionPolicy} for each package that its
 * patterns select, including packages that appear later. Removing it, or a package from it, deletes nothing in the registry.
 */
export class OrganizationRetention extends pulumi.ComponentResource {
  /** The state of all packages, in numbers. */
  readonly summary: pulumi.Output<Summary>;
  /** The id that approves all plans of this run, or `none`. */
  readonly planId: pulumi.Output<string>;
  /** The plans that wait for approval, by package (`owner/name`). */
  readonly plans: pulumi.Output<Readonly<Record<string, WaitingPlan>>>;

  constructor(name: string, args: OrganizationRetentionArgs, opts?: pulumi.ComponentResourceOptions) {
    const whole = args.whole ?? wholeOf(args);
    const { organization, shared, overrides } = whole;
    const protect = protectionOf(whole, args.protect);
    super(organizationType, name, { ...organization, ...shared, overrides, protect }, opts);
    // The packages are listed first and then declared at once: declared in an `apply`, they would be missing from previews.
    const packages = pulumi.output(declarePackages(this, { ...args, whole, protect }));
    this.summary = packages.apply(({ summary }) => knownAfterUpdate(summary));
    this.planId = packages.apply(({ planId }) => knownAfterUpdate(planId));
    this.plans = packages.apply(({ plans }) => knownAfterUpdate(plans));
    this.registerOutputs({ summary: this.summary, planId: this.planId });
  }
}

/** Flattens the lists that the functions finding images return. */
function protectionOf(whole: WholeOrganization, protect: OrganizationRetentionArgs["protect"]): Protection {
  return pulumi
    .output(protect ?? [])
    .apply((known) => [...whole.protect, ...(known as readonly (string | ImageInUse | readonly ImageInUse[])[]).flat()]);
}

function wholeOf(args: OrganizationRetentionArgs): WholeOrganization {
  const { protect: _protect, configPath: _configPath, whole: _whole, elsewhere: _elsewhere, ...written } = args;
  const [output] = outputPaths(written);
  if (output !== undefined) {
    throw new pulumi.RunError(
      `the policy of an organisation: \`${output}\`: expected a value that is known when the program starts, not an output or a secret; only \`protect\` takes those`,
    );
  }
  try {
    return readOrganization(Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)));
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}
