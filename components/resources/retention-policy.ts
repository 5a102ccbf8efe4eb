import type { OrganizationRecord } from "../approval/organization-id";
import { Settings } from "../config/settings";
import type { WrittenPolicy } from "../config/written-policy";
import { removeSnapshot, takeAnswer } from "../inventory/snapshot-file";
import type { Ledger } from "../lifecycle/state/ledger";
import type { PassedOn } from "../lifecycle/state/passed-on";
import type { StoredImages, StoredPending } from "../lifecycle/state/stored";
import { voidApprovalIn } from "../lifecycle/state/stored-notices";
import type { StoredIds } from "../lifecycle/state/stored-plans";
import type { StoredReasons } from "../lifecycle/state/stored-reasons";
import { awaitedText, leftOutText, neverKnownText } from "../messages/run-part";
import type { PackageReport, ReportRequest, ThreadOutcome } from "../observe/messages";
import { isTolerated } from "../observe/organization";
import type { FreedStorage } from "../plan/storage";
import type { ApprovalPlace } from "../report/approval-line";
import { unobservedStatus } from "../report/package-status";
import * as pulumi from "../sdk/pulumi";
import { observationInputs, observedProperties, observeEarly } from "./early-registration";
import { knownAfterUpdate, knownOutputs, providerOutputs } from "./known-outputs";
import type { Membership, PolicyResult } from "./membership";
import { isMocked, observer } from "./observer";
import { PackageError } from "./package-error";
import { declarePlans, findPlanOwner } from "./plan-owners";
import { type ArgumentStates, examineArguments, observeOutputs, outputPaths, protectionOf, withoutEmptySecrets } from "./policy-arguments";
import { providerCode } from "./provider-code";
import type { RetentionPolicyArgs } from "./retention-policy-args";
import { suppressStackTraces, withoutStackTraces } from "./stack-traces";

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
  /** @internal What the provider was asked, once it has answered. */
  readonly passedOn: pulumi.Output<PassedOn | undefined>;
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
    const early = states || membership ? undefined : observeEarly(policy as WrittenPolicy, settings.endpoints, () => observe(policy));
    const outcome = states ? observeOutputs(policy, states, observe) : pulumi.output(early?.observed ?? observe(policy));
    const answer = observer().reserveAnswer();
    const observation = outcome.apply(observationInputs);
    // The SDK still records the position in the program, which the engine keeps.
    const restoreTraces = suppressStackTraces();
    try {
      super(
        RetentionPolicy.__pulumiType,
        name,
        {
          __provider: providerCode,
          ...policy,
          protect: early ? early.protect : policy.protect && protectionOf(policy.protect, outcome),
          approve: policy.approve,
          secrets: states?.then(({ secret }) => (secret.length > 0 ? ["protect"] : undefined)),
          organization: membership?.approvalFor(outcome),
          ...endpoints,
          ...(early ? { observation: early.file } : observedProperties(observation)),
          answer,
          awaited: states?.then(({ awaited }) => (awaited.length > 0 ? awaited : undefined)),
          ...providerOutputs,
        },
        opts,
      );
    } finally {
      restoreTraces();
    }
    // Once the resource is registered, the provider has checked it and read the snapshot.
    pulumi.all([observation, this.urn]).apply(([{ snapshot }]) => {
      if (snapshot) removeSnapshot(snapshot);
      if (early) removeSnapshot(early);
    });
    this.outcome = outcome;
    this.passedOn = this.urn
      .apply(async () => (answer === undefined ? undefined : await takeAnswer(answer)))
      .apply((text) => (text === undefined ? undefined : (JSON.parse(text) as PassedOn)));
    declarePlans(this);
    this.warn(name, membership);
    this.result = this.resolve(name, membership?.approvalPlace ?? { configPath }, states);
    this.result.apply(({ fault }) => {
      if (fault !== undefined) throw new PackageError(`${name}: ${fault}`, this);
    });
    // No output of the provider: it would be known from the inputs only, and differ with every push.
    this.storage = this.result.apply(({ status }) => knownAfterUpdate(status.storage));
  }

  /** A policy that is not part of the run says nothing of its package, nor of an earlier failure. */
  private warn(name: string, membership: Membership | undefined): void {
    pulumi.all([this.outcome, this.passedOn]).apply(([outcome, passedOn]) => {
      // Under mocks no provider checks it.
      if (outcome.kind === "invalid" && isMocked()) throw new PackageError(`${name}: ${outcome.policyError}`, this);
      if (outcome.kind !== "failed" || passedOn === undefined) return;
      // A missing image that is in use concerns more than this stack.
      if (!isTolerated(membership?.onError, outcome)) throw new PackageError(outcome.observationError, this);
      pulumi.log.warn(outcome.observationError, this);
    });
    pulumi.all([this.failure, this.passedOn]).apply(([failure, passedOn]) => {
      if (failure !== undefined && passedOn && !pulumi.runtime.isDryRun()) throw new PackageError(failure, this);
    });
  }

  /** Reports on the package. A preview knows the checked inputs, but not the outputs that only an update determines: these are left out. */
  private resolve(name: string, place: ApprovalPlace, states: Promise<ArgumentStates> | undefined): pulumi.Output<PolicyResult> {
    const { outcome, deletions, plans, pending, deleted, restoring, remaining, refused, notices, noticeIds, ledger } = this;
    const parts = { outcome, deletions, plans, pending, deleted, restoring, remaining, refused, notices, noticeIds, ledger };
    const { approve, failure, organization, passedOn } = this;
    const known = pulumi.output(knownOutputs({ ...parts, approve, failure, organization, passedOn }));
    return known.apply(async ({ outcome, organization, passedOn, ...outputs }) => {
      const record = passedOn?.kind === "known" ? passedOn.organization : organization;
      if (outcome?.kind === "mocked") return { status: unobservedStatus(outputs, undefined), record };
      if (passedOn === undefined) {
        // Newer engines skip what depends on a resource that failed, so its check is not asked either.
        const awaited = pulumi.runtime.isDryRun() ? [] : ((await states)?.awaited ?? []);
        if (awaited.length === 0) this.say("info", leftOutText);
        else this.say("warn", `${name}: ${neverKnownText(awaited)}`);
        return { status: { ...unobservedStatus(outputs, undefined), state: "left-out" }, record };
      }
      if (outcome === undefined || passedOn.kind === "unknown") {
        const awaited = passedOn.kind === "unknown" && outcome !== undefined ? passedOn.properties : (await states)?.awaited;
        // An update fails by what did not become known, and the other packages go on.
        if (pulumi.runtime.isDryRun()) this.say("warn", awaitedText(awaited ?? []));
        else this.say("error", `${name}: ${neverKnownText(awaited ?? [])}`);
        return { status: unobservedStatus(outputs, undefined), record };
      }
      if (outcome.kind !== "observed") return { status: unobservedStatus(outputs, outcome), record };
      const { handle } = outcome;
      const [secretProtect, isPreview] = [await pulumi.isSecret(this.protect), pulumi.runtime.isDryRun()];
      const voided = voidApprovalIn(passedOn.found);
      const owner = voided === undefined ? undefined : await findPlanOwner(voided);
      return { ...(await this.report({ handle, outputs, passedOn, secretProtect, isPreview, place, owner })), record };
    });
  }

  private async report(request: ReportRequest): Promise<Pick<PackageReport, "status" | "fault">> {
    // Without it the program would end its connection to the engine in the meantime.
    const done = withoutStackTraces(() => pulumi.runtime.rpcKeepAlive());
    try {
      const { text, ...result } = await observer().report(request);
      this.say("info", text);
      return result;
    } finally {
      done();
    }
  }

  private say(severity: "info" | "warn" | "error", text: string): void {
    withoutStackTraces(() => pulumi.log[severity](text, this));
  }
}
