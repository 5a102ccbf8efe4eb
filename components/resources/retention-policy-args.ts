import type { ImageInUse } from "../in-use/in-use";
import type { PolicyInput } from "../rules/policy";
import type * as pulumi from "../sdk/pulumi";
import type { Membership } from "./membership";

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
  /**
   * Whether an `approve` that approves nothing, or an entry of `restore` that brings nothing back, makes the run fail at its end (default)
   * or is a notice. Everything else is previewed and applied either way.
   */
  onVoid?: pulumi.Input<"fail" | "warn"> | undefined;
  /** The policy's path in the stack's config, such as `ghcr-retention:policies[0]`, for the approval line of the preview. */
  configPath?: string | undefined;
  /** @internal Where an organisation's policy makes this one. */
  membership?: Membership | undefined;
}
