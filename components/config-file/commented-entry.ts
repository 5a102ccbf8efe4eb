import type { PolicyInput } from "../rules/policy";

export type RuleInput = PolicyInput["rules"][number];

/** A rule with what a person should know of it, a line each. */
export interface CommentedRule {
  readonly rule: RuleInput;
  readonly comment: readonly string[];
}

/** A policy to be written into a stack's config: of one package, or of those of an owner that patterns select. */
export interface CommentedEntry {
  readonly owner: string;
  /** One name in full, or patterns. */
  readonly packages: string | readonly string[];
  readonly comment: readonly string[];
  readonly protect: readonly string[];
  readonly rules: readonly CommentedRule[];
  /** Rules that cannot be written before somebody fills in what is missing: they stand as comments behind the others. */
  readonly unfinished: readonly string[];
  readonly limits: NonNullable<PolicyInput["limits"]>;
  readonly grace: string;
  /** Written only where the stack's defaults would let plans go by themselves. */
  readonly approval?: "required";
}

export function isOfOnePackage(entry: CommentedEntry): entry is CommentedEntry & { readonly packages: string } {
  return typeof entry.packages === "string";
}

export function labelOf({ owner, packages }: Pick<CommentedEntry, "owner" | "packages">): string {
  return `${owner}/${typeof packages === "string" ? packages : packages.join(", ")}`;
}
