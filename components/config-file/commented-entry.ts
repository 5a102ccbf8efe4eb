import type { OverrideInput } from "../config/organization-schema";
import type { PolicyInput } from "../rules/policy";

export type RuleInput = PolicyInput["rules"][number];

/** A rule with its comment, line by line. */
export interface CommentedRule {
  readonly rule: RuleInput;
  readonly comment: readonly string[];
}

/** A policy to be written into a stack's config, for one package or for the packages that patterns select. */
export interface CommentedEntry {
  readonly owner: string;
  /** One full name, or patterns. */
  readonly packages: string | readonly string[];
  readonly comment: readonly string[];
  readonly protect: readonly string[];
  readonly rules: readonly CommentedRule[];
  /** Rules with values that a person has to fill in. They are written as comments above the others. */
  readonly unfinished: readonly string[];
  readonly limits: NonNullable<PolicyInput["limits"]>;
  readonly grace: string;
  /** Set only if the stack's defaults would apply plans automatically. */
  readonly approval?: "required";
  /** Names of rule sets. */
  readonly use?: readonly string[];
  /** Stricter settings by package, where the entry is for several. */
  readonly overrides?: Readonly<Record<string, OverrideInput>>;
}

/** Rules with a name, which the policies of a stack share. */
export interface CommentedRuleSet {
  readonly name: string;
  readonly comment: readonly string[];
  readonly rules: readonly CommentedRule[];
}

export function isOfOnePackage(entry: CommentedEntry): entry is CommentedEntry & { readonly packages: string } {
  return typeof entry.packages === "string";
}

export function labelOf({ owner, packages }: Pick<CommentedEntry, "owner" | "packages">): string {
  return `${owner}/${typeof packages === "string" ? packages : packages.join(", ")}`;
}
