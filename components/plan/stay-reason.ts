/** Why a version stays: for its own sake, or because of something that needs it. `messages/stay-reason.ts` makes it text. */
export type StayReason =
  /** `protect` names it. */
  | { readonly kind: "protected" }
  /** Younger than `minimumAge`. */
  | { readonly kind: "young" }
  /** A referrer of it is protected or young, so it is in use itself. */
  | { readonly kind: "held-by-referrer"; readonly referrer: "protected" | "young" }
  | { readonly kind: "kept-by-rule"; readonly rule: string }
  /** A referrer whose subject is not in the package: only a `dangling` rule deletes it. */
  | { readonly kind: "dangling" }
  | { readonly kind: "no-rule" }
  /** GitHub refuses to delete the last tagged version of a package, and its last version. */
  | { readonly kind: "last-tagged" }
  | { readonly kind: "last-version" }
  /** From this version up to the one that stays for its own sake: what each is for the next, such as `linux/arm64`, `index`. */
  | { readonly kind: "needed"; readonly chain: readonly string[]; readonly keeper: number }
  /** Needed by a version that stays; the chain to it is not a single one. */
  | { readonly kind: "needed-indirectly" }
  /** Something in the package was not read, and anything may depend on it. */
  | { readonly kind: "unclassified" }
  /** Neither a rule nor an image that goes asks for its deletion. */
  | { readonly kind: "not-selected" };

const held: ReadonlySet<StayReason["kind"]> = new Set(["protected", "young", "held-by-referrer"]);

/** Reports whether a version is in use or in flight, so that what it refers to stays as well. */
export function isHeld(reason: StayReason | undefined): boolean {
  return reason !== undefined && held.has(reason.kind);
}
