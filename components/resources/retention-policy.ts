import * as pulumi from "@pulumi/pulumi";
import type { Reasons } from "../approval/decide";
import type { OrganizationRecord } from "../approval/organization-id";
import { Settings } from "../config/settings";
import type { WrittenPolicy } from "../config/written-policy";
import type { ImageInUse } from "../in-use/in-use";
import { removeSnapshot } from "../inventory/snapshot-file";
import type { ResourceOutputs } from "../lifecycle/state/decide-again";
import type { Ledger } from "../lifecycle/state/ledger";
import type { StoredIds, StoredImages, StoredPending } from "../lifecycle/state/stored";
import type { ThreadOutcome } from "../observe/worker";
import type { ApprovalPlace } from "../report/approval-line";
import { type PackageStatus, unobservedStatus } from "../report/package-status";
import type { PolicyInput } from "../rules/policy";
import { knownOutputs } from "./known-outputs";
import type { Membership } from "./membership";
import { observerThread } from "./observer";
import { PackageError } from "./package-error";
import { providerShim } from "./provider-shim";
import { suppressStackTraces, withoutStackTraces } from "./stack-traces";

type RuleInput = PolicyInput["rules"][number];

export interface RetentionPolicyArgs {
  /** The GitHub user or organisation that owns the package. A change replaces the resource, and touches nothing in the registry. */
  owner: pulumi.Input<string>;
  /** The container package: `app`, or `team/app`. A change replaces the resource, and touches nothing in the registry. */
  package: pulumi.Input<string>;
  /** What may go and what must stay. Keep beats delete; what no rule deletes stays. */
  rules: pulumi.Input<pulumi.Input<RuleInput>[]>;
  /**
   * Digests or tags that stay whatever the rules say, with everything they need; and references such as
   * `ghcr.io/acme/app:prod` of images in use, of which those of other packages are left out. One that is in use and not
   * there is an error. Not known yet: nothing is deleted.
   */
  protect?: pulumi.Input<pulumi.Input<string | ImageInUse>[]> | undefined;
  /** At the most so many versions in one run (default 200; the rest waits for the next), and this share of the package in one plan (default 50). */
  limits?: pulumi.Input<{ deletions?: number | undefined; percent?: number | undefined }> | undefined;
  /** Nothing younger is ever touched: it may be a push in flight. Default and least: `1d`. */
  minimumAge?: pulumi.Input<string> | undefined;
  /** Mark now, sweep later: a version goes only when an earlier `pulumi up` recorded it as deletable at least this long ago. */
  grace?: pulumi.Input<string> | undefined;
  /** Digests that GitHub lists, the registry does not know, and somebody knows to be gone: treated as needing nothing. */
  unreadable?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** What this policy deleted and should come back: digests, tags, or the id of a whole plan. Protected as long as it stands here. */
  restore?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** `required` (default): an id in `approve` lets its plan go. `automatic`: every plan within the limits goes. */
  approval?: pulumi.Input<"required" | "automatic"> | undefined;
  /** The id of the plan that may be carried out, as the preview prints it. */
  approve?: pulumi.Input<string> | undefined;
  /** Where this policy stands in the stack's config, such as `ghcr-retention:policies[0]`: the preview's approval line names it. */
  configPath?: string | undefined;
  /** @internal Where an organisation's policy makes this one. */
  membership?: Membership | undefined;
}

/**
 * The retention policy of one GHCR package. The preview shows which versions it would delete and why; `pulumi up`
 * deletes only what an approved preview showed. Destroying it deletes nothing.
 */
export class RetentionPolicy extends pulumi.dynamic.Resource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";

  /** The plan that waits for approval. */
  declare readonly pending: pulumi.Output<StoredPending | undefined>;
  /**
   * Deleted under this policy and restorable, by digest:
   * `<version id> <plan id> <time>/<restorable until> <tags…>: <reason>`, times by GitHub's clock.
   */
  declare readonly ledger: pulumi.Output<Ledger>;
  /** Deleted by somebody else, as the last refresh saw it, by digest: when, and the tags it had. */
  declare readonly foreign: pulumi.Output<Reasons | undefined>;
  /** Approved deletions that stay, by digest, with GitHub's answer. */
  declare readonly refused: pulumi.Output<Reasons | undefined>;
  /** The id of the plan that waits for approval, or `none`. */
  declare readonly planId: pulumi.Output<string>;
  /** Versions deleted and restorable, approved and not deleted, and waiting for approval. */
  declare readonly counts: pulumi.Output<{ readonly deleted: number; readonly remaining: number; readonly pending: number }>;
  /** @internal In a preview: what the ledger is to hold. */
  declare readonly deletions: pulumi.Output<Reasons | undefined>;
  /** @internal */
  declare readonly plans: pulumi.Output<Readonly<Record<string, StoredIds>>>;
  /** @internal */
  declare readonly candidates: pulumi.Output<Readonly<Record<string, string>> | undefined>;
  /** @internal */
  declare readonly deleted: pulumi.Output<Readonly<Record<string, StoredImages>> | undefined>;
  /** @internal */
  declare readonly restoring: pulumi.Output<Reasons | undefined>;
  /** @internal */
  declare readonly remaining: pulumi.Output<Reasons | undefined>;
  /** @internal */
  declare readonly notices: pulumi.Output<readonly string[] | undefined>;
  /** @internal */
  declare readonly failure: pulumi.Output<string | undefined>;
  /** @internal */
  declare readonly approve: pulumi.Output<string | undefined>;
  /** @internal */
  declare readonly organization: pulumi.Output<OrganizationRecord | undefined>;
  /** @internal */
  readonly outcome: pulumi.Output<ThreadOutcome>;
  /** @internal */
  readonly result: pulumi.Output<PolicyResult>;

  constructor(name: string, args: RetentionPolicyArgs, opts?: pulumi.CustomResourceOptions) {
    const { configPath, membership, ...policy } = args;
    const settings = Settings.load();
    observerThread.warmUp();
    const { cacheFolder: _cacheFolder, ...endpoints } = settings.endpoints;
    // Looking starts here, for all packages at once: the engine calls the provider for one resource after the other.
    const look = (known: unknown) =>
      observerThread.observe({
        endpoints: settings.endpoints,
        token: settings.token,
        policy: known as WrittenPolicy,
        organizationApproval: membership?.approve,
      });
    const outcome = holdsOutputs(policy) ? pulumi.output(policy).apply(look) : pulumi.output(look(policy));
    const snapshot = outcome.apply((seen) => ("snapshot" in seen ? seen.snapshot : undefined));
    // The position in the program, which the engine keeps, is taken all the same.
    const restoreTraces = suppressStackTraces();
    try {
      super(
        providerShim,
        name,
        {
          ...policy,
          protect: policy.protect && outcome.apply((seen) => ("policy" in seen ? seen.policy.protect : [])),
          approve: policy.approve,
          organization: membership?.approvalFor(outcome),
          ...endpoints,
          snapshot,
          observationError: outcome.apply((seen) => ("observationError" in seen ? seen.observationError : undefined)),
          policyError: outcome.apply((seen) => ("policyError" in seen ? seen.policyError : undefined)),
          deletions: undefined,
          plans: undefined,
          pending: undefined,
          candidates: undefined,
          deleted: undefined,
          restoring: undefined,
          ledger: undefined,
          foreign: undefined,
          remaining: undefined,
          refused: undefined,
          notices: undefined,
          failure: undefined,
          planId: undefined,
          counts: undefined,
        },
        opts,
        "ghcr",
        "RetentionPolicy",
      );
    } finally {
      restoreTraces();
    }
    // What is registered is checked.
    pulumi.all([snapshot, this.urn]).apply(([left]) => left && removeSnapshot(left));
    this.outcome = outcome;
    this.warn(membership);
    this.result = this.resolve(membership?.approvalPlace ?? { configPath });
  }

  private warn(membership: Membership | undefined): void {
    this.outcome.apply((seen) => {
      if (!("observationError" in seen)) return;
      // What runs and is not there concerns more than this stack.
      if (membership?.onError !== "warn" || seen.inUse) throw new PackageError(seen.observationError, this);
      pulumi.log.warn(seen.observationError, this);
    });
    this.failure.apply((failure) => {
      if (failure !== undefined && !pulumi.runtime.isDryRun()) throw new PackageError(failure, this);
    });
  }

  /** A preview knows the checked inputs and not what only an update can tell: what is not known is left out. */
  private resolve(place: ApprovalPlace): pulumi.Output<PolicyResult> {
    const { outcome, deletions, plans, pending, candidates, deleted, restoring, remaining, refused, notices, ledger } = this;
    const parts = { outcome, deletions, plans, pending, candidates, deleted, restoring, remaining, refused, notices, ledger };
    const { approve, failure, organization } = this;
    return pulumi.output(knownOutputs({ ...parts, approve, failure, organization })).apply(async ({ outcome, organization, ...known }) => {
      const honoured = organization?.approved?.id;
      if (outcome === undefined || !("handle" in outcome)) return { status: unobservedStatus(known, outcome), honoured };
      return { status: await this.report(outcome.handle, known, place), honoured };
    });
  }

  private async report(seen: number, known: ResourceOutputs, place: ApprovalPlace): Promise<PackageStatus> {
    // Without it the program would take leave of the engine meanwhile.
    const done = withoutStackTraces(() => pulumi.runtime.rpcKeepAlive());
    try {
      const { text, status } = await observerThread.report({ handle: seen, outputs: known, isPreview: pulumi.runtime.isDryRun(), place });
      withoutStackTraces(() => pulumi.log.info(text, this));
      return status;
    } finally {
      done();
    }
  }
}

/** Otherwise it is known as it stands, and nothing has to wait until the program has declared the rest. */
function holdsOutputs(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return pulumi.Output.isInstance(value) || value instanceof Promise || Object.values(value).some(holdsOutputs);
}

/** What an organisation's summary tells of a package. */
interface PolicyResult {
  readonly status: PackageStatus;
  /** The organisation's approval that its plan goes by. */
  readonly honoured: string | undefined;
}
