import type { LastTagged } from "../model/inventory";

/** Why a version goes. `messages/deletion-reason.ts` makes it text. */
export type DeletionReason =
  | TaggedImage
  | UntaggedImage
  /** A part of an image that goes: `as` is what it is for the version right above it, whose name is `of`. */
  | { readonly kind: "part"; readonly as: string; readonly of: string }
  /** A part of an image that is deleted already. */
  | { readonly kind: "leftover" }
  /** Deleted by a run that was cut off before it could store anything. */
  | { readonly kind: "interrupted" }
  /** On GitHub's list of deleted versions, and recorded by no run. */
  | { readonly kind: "found" }
  /** As an earlier run stored it. `was` is absent where nothing depends on it. */
  | { readonly kind: "recorded"; readonly was?: RecordedKind; readonly text: string };

/** Ages are milliseconds at the start of the plan's day. */
interface TaggedImage {
  readonly kind: "tagged-image";
  readonly tags: readonly string[];
  readonly age: number;
  readonly rules: readonly string[];
}

interface UntaggedImage {
  readonly kind: "untagged-image";
  readonly age: number;
  /** Where a run saw it with a tag. */
  readonly lastTagged?: LastTagged;
  readonly rules: readonly string[];
}

export type RecordedKind = Exclude<DeletionReason["kind"], "recorded">;

/** Reasons by digest. */
export type Reasons = Readonly<Record<string, DeletionReason>>;

/** Returns the reasons of these digests, in their order; those without a reason are left out. */
export function pick(reasons: Reasons, digests: Iterable<string>): Reasons {
  const entries = [...digests].flatMap((digest): [string, DeletionReason][] => {
    const reason = reasons[digest];
    return reason === undefined ? [] : [[digest, reason]];
  });
  return Object.fromEntries(entries);
}

/** Returns the kind, also of a reason that an earlier run stored; `undefined` where it did not store one. */
export function kindOf(reason: DeletionReason): RecordedKind | undefined {
  return reason.kind === "recorded" ? reason.was : reason.kind;
}
