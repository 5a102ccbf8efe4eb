import * as pulumi from "@pulumi/pulumi";
import type { OrganizationRecord } from "../approval/organization-id";
import { Settings } from "../config/settings";
import type { WrittenPolicy } from "../config/written-policy";
import type { ImageInUse } from "../in-use/in-use";
import { removeSnapshot, takeAnswer } from "../inventory/snapshot-file";
import type { Ledger } from "../lifecycle/state/ledger";
import type { PassedOn } from "../lifecycle/state/passed-on";
import type { StoredImages, StoredPending } from "../lifecycle/state/stored";
import type { StoredIds } from "../lifecycle/state/stored-plans";
import type { StoredReasons } from "../lifecycle/state/stored-reasons";
import { awaitedText, leftOutText, neverKnownText } from "../messages/run-part";
import type { ReportRequest, ThreadOutcome } from "../observe/messages";
import { isTolerated } from "../observe/organization";
import type { FreedStorage } from "../plan/storage";
import type { ApprovalPlace } from "../report/approval-line";
import { type PackageStatus, unobservedStatus } from "../report/package-status";
import type { PolicyInput } from "../rules/policy";
import { knownAfterUpdate, knownOutputs, providerOutputs } from "./known-outputs";
import type { Membership, PolicyResult } from "./membership";
import { isMocked, observer } from "./observer";
import { PackageError } from "./package-error";
import { type ArgumentStates, examineArguments, observeOutputs, outputPaths, protectionOf, withoutEmptySecrets } from "./policy-arguments";
import { providerCode } from "./provider-code";
import { suppressStackTraces, withoutStackTraces } from "./stack-traces";

type RuleInput = PolicyInput["rules"][number];

export interface RetentionPolicyArgs {
  /** The GitHub user or organisation that owns the package. Changing it replaces the resource and deletes nothing in the registry. */
  owner: pulumi.Input<string>;
  /** The container package: `app`, or `team/app`. Changing it replaces the resource and deletes nothing in the registry. */
  package: pulumi.Input<string>;
  /** Which images may be deleted and which must stay. Keep rules win over delete rules; an image that no rule deletes stays. */
  rules: pulumi.Input<pulumi.Input<RuleInput>[]>;
  /**
   * Digests or tags that stay regardless of the rules, together with everything they need, and references to images in
   * use, such as `ghcr.io/acme/app:prod`. References to other packages are ignored. An image that is in use but missing
   * from the package is an error. While a value is not known, nothing is deleted.
   */
  protect?: pulumi.Input<pulumi.Input<string | ImageInUse>[]> | undefined;
  /** Maximum deletions per run (default 200; the rest waits for the next run) and maximum percentage of the package per plan (default 50). */
  limits?: pulumi.Input<{ deletions?: number | undefined; percent?: number | undefined }> | undefined;
  /** Versions younger than this are never deleted: they may belong to a push in progress. Default and minimum: `1d`. */
  minimumAge?: pulumi.Input<string> | undefined;
  /** Mark now, sweep later: a version is deleted only if an earlier `pulumi up` recorded it as deletable at least this long ago. */
  grace?: pulumi.Input<string> | undefined;
  /**
   * Who is asked where images run, before they are planned and again before they are deleted; what runs stays. `{ github: "required" }` asks
   * for GitHub's deployment records and keeps everything where GitHub does not answer; with `"optional"` a preview says so and goes on.
   */
  inUse?: pulumi.Input<{ github: "required" | "optional" }> | undefined;
  /** Digests that GitHub lists but the registry no longer has, once a person has confirmed the loss. They are treated as needing nothing. */
  unreadable?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Deleted versions to restore: digests, tags, or the id of a whole plan. They are protected while they are listed here. */
  restore?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** `required` (default): a plan is applied only if `approve` holds its id. `automatic`: every plan within the limits is applied. */
  approval?: pulumi.Input<"required" | "automatic"> | undefined;
  /** The id of the approved plan, as printed by the preview. */
  approve?: pulumi.Input<string> | undefined;
  /** The policy's path in the stack's config, such as `ghcr-retention:policies[0]`, for the approval line of the preview. */
  configPath?: string | undefined;
  /** @internal Where an organisation's policy makes this one. */
  membership?: Membership | undefined;
}

/**
 * The retention policy of one GHCR package. A preview shows which versions would be deleted and why; `pulumi up` deletes
 * only versions of an approved plan. Destroying the resource deletes nothing in the registry.
 */
export class RetentionPolicy extends pulumi.CustomResource {
  /** @internal The type that `dynamic.Resource` gives: the engine runs the code in `__provider` for it. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";

  /** The plan that waits for approval. */
  declare readonly pending: pulumi.Output<StoredPending | undefined>;
  /**
   * The versions that this policy deleted and that can be restored, by digest:
   * `<version id> <plan id> <time>/<restorable until> <tags…>: <reason>`. Times are by GitHub's clock.
   */
  declare readonly ledger: pulumi.Output<Ledger>;
  /** The versions that were deleted by somebody else as of the last refresh, by digest, with time and tags. */
  declare readonly foreign: pulumi.Output<StoredReasons | undefined>;
  /** The approved versions that stay, by digest, with the reason: GitHub refused to delete them, or a run restored them. */
  declare readonly refused: pulumi.Output<StoredReasons | undefined>;
  /** The id of the plan that waits for approval, or `none`. */
  declare readonly planId: pulumi.Output<string>;
  /** The numbers of versions that are deleted and restorable, approved but not yet deleted, and waiting for approval. */
  declare readonly counts: pulumi.Output<{ readonly deleted: number; readonly remaining: number; readonly pending: number }>;
  /** @internal */
  declare readonly protect: pulumi.Output<readonly string[] | undefined>;
  /** @internal In a preview, the ledger after the update. */
  declare readonly deletions: pulumi.Output<StoredReasons | undefined>;
  /** @internal */
  declare readonly plans: pulumi.Output<Readonly<Record<string, StoredIds>>>;
  /** @internal */
  declare readonly deleted: pulumi.Output<Readonly<Record<string, StoredImages>> | undefined>;
  /** @internal */
  declare readonly restoring: pulumi.Output<StoredReasons | undefined>;
  /** @internal */
  declare readonly remaining: pulumi.Output<StoredReasons | undefined>;
  /** @internal */
  declare readonly notices: pulumi.Output<readonly string[] | undefined>;
  /** @internal */
  declare readonly noticeIds: pulumi.Output<readonly string[] | undefined>;
  /** @internal */
  declare readonly failure: pulumi.Output<string | undefined>;
  /** @internal */
  declare readonly approve: pulumi.Output<string | undefined>;
  /** @internal */
  declare readonly organization: pulumi.Output<OrganizationRecord | undefined>;
  /**
   * What the versions that are approved and not yet deleted, or wait for approval, free, in bytes, as of this update; `undefined` where
   * nothing is planned, and where nothing is known of it.
   */
  readonly storage: pulumi.Output<FreedStorage | undefined>;
  /** @internal */
  readonly outcome: pulumi.Output<ThreadOutcome>;
  /** @internal */
  readonly result: pulumi.Output<PolicyResult>;

  constructor(name: string, args: RetentionPolicyArgs, opts?: pulumi.CustomResourceOptions) {
    const { configPath, membership, ...written } = args;
    const settings = Settings.load();
    observer().warmUp();
    const { cacheFolder: _cacheFolder, ...endpoints } = settings.endpoints;
    const states = outputPaths(written).length > 0 ? examineArguments(written) : undefined;
    const policy = states ? withoutEmptySecrets(written) : written;
    // The observation starts here, for all packages at once: the engine calls the provider for one resource after the other.
    const observe = (known: unknown, secretProtect = false) =>
      observer().observe({
        endpoints: settings.endpoints,
        token: settings.token,
        policy: known as WrittenPolicy,
        organizationApproval: membership?.approve,
        secretProtect,
      });
    const outcome = states ? observeOutputs(policy, states, observe) : pulumi.output(observe(policy));
    const answer = observer().reserveAnswer();
    const snapshot = outcome.apply((observed) => (observed.kind === "observed" ? observed.snapshot : undefined));
    // The SDK still records the position in the program, which the engine keeps.
    const restoreTraces = suppressStackTraces();
    try {
      super(
        RetentionPolicy.__pulumiType,
        name,
        {
          __provider: providerCode,
          ...policy,
          protect: policy.protect && protectionOf(policy.protect, outcome),
          approve: policy.approve,
          secrets: states?.then(({ secret }) => (secret.length > 0 ? ["protect"] : undefined)),
          organization: membership?.approvalFor(outcome),
          ...endpoints,
          snapshot,
          answer,
          awaited: states?.then(({ awaited }) => (awaited.length > 0 ? awaited : undefined)),
          observationError: outcome.apply((observed) => (observed.kind === "failed" ? observed.observationError : undefined)),
          policyError: outcome.apply((observed) => (observed.kind === "invalid" ? observed.policyError : undefined)),
          ...providerOutputs,
        },
        opts,
      );
    } finally {
      restoreTraces();
    }
    // Once the resource is registered, the provider has checked it and read the snapshot.
    pulumi.all([snapshot, this.urn]).apply(([left]) => left && removeSnapshot(left));
    this.outcome = outcome;
    const passedOn = this.urn
      .apply(async () => (answer === undefined ? undefined : await takeAnswer(answer)))
      .apply((text) => (text === undefined ? undefined : (JSON.parse(text) as PassedOn)));
    this.warn(name, membership, passedOn);
    this.result = this.resolve(name, membership?.approvalPlace ?? { configPath }, passedOn, states);
    // No output of the provider: it would be known from the inputs only, and differ with every push.
    this.storage = this.result.apply(({ status }) => knownAfterUpdate(status.storage));
  }

  /** A policy that is not part of the run says nothing of its package, nor of an earlier failure. */
  private warn(name: string, membership: Membership | undefined, passedOn: pulumi.Output<PassedOn | undefined>): void {
    pulumi.all([this.outcome, passedOn]).apply(([outcome, passedOn]) => {
      // Under mocks no provider checks it.
      if (outcome.kind === "invalid" && isMocked()) throw new PackageError(`${name}: ${outcome.policyError}`, this);
      if (outcome.kind !== "failed" || passedOn === undefined) return;
      // A missing image that is in use concerns more than this stack.
      if (!isTolerated(membership?.onError, outcome)) throw new PackageError(outcome.observationError, this);
      pulumi.log.warn(outcome.observationError, this);
    });
    pulumi.all([this.failure, passedOn]).apply(([failure, passedOn]) => {
      if (failure !== undefined && passedOn && !pulumi.runtime.isDryRun()) throw new PackageError(failure, this);
    });
  }

  /** Reports on the package. A preview knows the checked inputs, but not the outputs that only an update determines: these are left out. */
  private resolve(
    name: string,
    place: ApprovalPlace,
    passedOn: pulumi.Output<PassedOn | undefined>,
    states: Promise<ArgumentStates> | undefined,
  ): pulumi.Output<PolicyResult> {
    const { outcome, deletions, plans, pending, deleted, restoring, remaining, refused, notices, noticeIds, ledger } = this;
    const parts = { outcome, deletions, plans, pending, deleted, restoring, remaining, refused, notices, noticeIds, ledger };
    const { approve, failure, organization } = this;
    const known = pulumi.output(knownOutputs({ ...parts, approve, failure, organization, passedOn }));
    return known.apply(async ({ outcome, organization, passedOn, ...outputs }) => {
      const honoured = organization?.approved?.id;
      if (outcome?.kind === "mocked") return { status: unobservedStatus(outputs, undefined), honoured };
      if (passedOn === undefined) {
        // Newer engines skip what depends on a resource that failed, so its check is not asked either.
        const awaited = pulumi.runtime.isDryRun() ? [] : ((await states)?.awaited ?? []);
        if (awaited.length === 0) this.say("info", leftOutText);
        else this.say("warn", `${name}: ${neverKnownText(awaited)}`);
        return { status: { ...unobservedStatus(outputs, undefined), state: "left-out" }, honoured };
      }
      if (outcome === undefined || passedOn.kind === "unknown") {
        const awaited = passedOn.kind === "unknown" && outcome !== undefined ? passedOn.properties : (await states)?.awaited;
        // An update fails by what did not become known, and the other packages go on.
        if (pulumi.runtime.isDryRun()) this.say("warn", awaitedText(awaited ?? []));
        else this.say("error", `${name}: ${neverKnownText(awaited ?? [])}`);
        return { status: unobservedStatus(outputs, undefined), honoured };
      }
      if (outcome.kind !== "observed") return { status: unobservedStatus(outputs, outcome), honoured };
      const { handle } = outcome;
      const [secretProtect, isPreview] = [await pulumi.isSecret(this.protect), pulumi.runtime.isDryRun()];
      return { status: await this.report({ handle, outputs, passedOn, secretProtect, isPreview, place }), honoured };
    });
  }

  private async report(request: ReportRequest): Promise<PackageStatus> {
    // Without it the program would end its connection to the engine in the meantime.
    const done = withoutStackTraces(() => pulumi.runtime.rpcKeepAlive());
    try {
      const { text, status } = await observer().report(request);
      this.say("info", text);
      return status;
    } finally {
      done();
    }
  }

  private say(severity: "info" | "warn" | "error", text: string): void {
    withoutStackTraces(() => pulumi.log[severity](text, this));
  }
}
