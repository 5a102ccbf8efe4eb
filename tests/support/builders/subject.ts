import { evaluate, type Subject, type Verdict } from "../../../components/rules/evaluate";
import type { PolicyInput } from "../../../components/rules/policy";
import { day, moment } from "./package";
import { policyOf } from "./policy";

interface SubjectOptions {
  readonly tags?: readonly string[];
  readonly days?: number;
  readonly updatedDays?: number;
  readonly role?: Subject["role"];
  readonly id?: number;
  /** Whatever else differs. */
  readonly more?: Partial<Subject>;
}

/** What rules see of a version: an untagged image of 100 days unless told. */
export function subject({ tags = [], days = 100, updatedDays = days, role = "root", id = 1, more = {} }: SubjectOptions = {}): Subject {
  return {
    id,
    digest: `sha256:${String(id).padStart(64, "0")}`,
    userTags: tags,
    derivedTags: [],
    createdAt: moment - days * day,
    updatedAt: moment - updatedDays * day,
    role,
    dangling: false,
    lostIn: [],
    broken: false,
    ghost: false,
    platforms: [],
    ...more,
  };
}

/** The verdicts in short: `keep keep-releases`, `delete drop-pr drop-old`, `none`. */
export function verdictsOf(subjects: readonly Subject[], ...rules: PolicyInput["rules"]): string[] {
  return evaluate({ subjects, keptAlive: () => new Set(), asOf: moment }, policyOf(rules).rules).map(inShort);
}

export function verdictOf(one: Subject, ...rules: PolicyInput["rules"]): string {
  return verdictsOf([one], ...rules)[0] ?? "";
}

function inShort(verdict: Verdict): string {
  if (verdict.action === "keep") return `keep ${verdict.rule}`;
  return verdict.action === "delete" ? `delete ${verdict.rules.join(" ")}` : "none";
}
