import type { Deployment, DeploymentsUnknown } from "../model/deployments";

/** Why a version stays: for its own sake, or because of something that needs it. `messages/stay-reason.ts` makes it text. */
export type StayReason =
  | OwnHold
  /** A referrer of it stays, for this reason, so it stays as well. */
  | { readonly kind: "held-by-referrer"; readonly referrer: OwnHold }
  /** A referrer whose subject is not in the package: only a `dangling` rule deletes it. `foundIn`: `acme/app`, where a rule looks into that package and it holds the subject. */
  | { readonly kind: "dangling"; readonly foundIn?: string }
  | { readonly kind: "no-rule" }
  /** No rule deletes it. A tool derived its only tags from its digest, so rules on untagged images do not match it. */
  | { readonly kind: "only-derived-tags"; readonly tag: string }
  /** GitHub refuses to delete the last tagged version of a package, and its last version. */
  | { readonly kind: "last-tagged" }
  | { readonly kind: "last-version" }
  /** From this version up to the one that stays for its own sake: what each is for the next, such as `linux/arm64`, `index`. */
  | { readonly kind: "needed"; readonly chain: readonly string[]; readonly keeper: number }
  /** Needed by a version that stays; the chain to it is not a single one. */
  | { readonly kind: "needed-indirectly" }
  /** Something in the package was not read, and anything may depend on it. */
  | { readonly kind: "unclassified" }
  /** GitHub did not say whether it runs: the policy asks, and what may run stays. */
  | { readonly kind: "deployments-unknown"; readonly because: DeploymentsUnknown | { readonly kind: "unasked" } }
  /** Neither a rule nor an image that goes asks for its deletion. */
  | { readonly kind: "not-selected" };

/** Why a version is in use or in flight, so that what it refers to stays as well. */
export type OwnHold =
  /** `protect` names it, or `restore`. */
  | { readonly kind: "protected"; readonly by?: "restore" }
  /** Younger than `minimumAge`. */
  | { readonly kind: "young" }
  | { readonly kind: "kept-by-rule"; readonly rule: string }
  /** GitHub has a record of it, or of a part of it: then `part` is that part's platform. */
  | { readonly kind: "deployed"; readonly deployments: readonly Deployment[]; readonly part?: string };

const ownHolds: readonly StayReason["kind"][] = ["protected", "young", "kept-by-rule", "deployed"] satisfies readonly OwnHold["kind"][];

/** What GitHub's deployment records say of a version that stays. */
export type InUseReason = Extract<StayReason, { readonly kind: "deployed" | "deployments-unknown" }>;

export function isOwnHold(reason: StayReason): reason is OwnHold {
  return ownHolds.includes(reason.kind);
}

/** Reports whether what a version refers to stays with it. */
export function isHeld(reason: StayReason | undefined): boolean {
  return reason !== undefined && (isOwnHold(reason) || reason.kind === "held-by-referrer");
}
