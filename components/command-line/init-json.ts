import type { CommentedEntry, CommentedRule } from "../config-file/commented-entry";
import { entryOf } from "../config-file/render-entry";
import type { Proposal } from "../proposal/propose";
import type { ProposedOrganization } from "../proposal/propose-organization";
import type { FoundTags } from "../proposal/streams";

/** What `init --json` prints. */
export interface InitReport {
  readonly owner: string;
  /** One for each package, or one for all of them. */
  readonly proposed: readonly Proposal[] | ProposedOrganization | undefined;
  /** Packages that have a policy, and its path. */
  readonly kept: readonly { readonly package: string; readonly policyAt: string }[];
  /** Packages for which no policy is proposed. */
  readonly failed: readonly { readonly package: string; readonly reason: string }[];
}

/** Renders proposals as JSON: each policy as it would be written, with its reasons, and the tags on which they are based. Pure. */
export function proposalsAsJson({ owner, proposed, kept, failed }: InitReport): string {
  const report = {
    owner,
    policies: proposed === undefined ? [] : "ruleSet" in proposed ? [policyAsJson(proposed.entry)] : proposed.map(proposalAsJson),
    ruleSets: proposed !== undefined && "ruleSet" in proposed ? [ruleSetAsJson(proposed)] : [],
    kept,
    failed,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function proposalAsJson({ entry, plan, families }: Proposal) {
  const { total, images, versions, withheld, byRule } = plan;
  return {
    ...policyAsJson(entry),
    today: { versions: total, deletes: versions, images, withheld, byRule: Object.fromEntries(byRule) },
    families: families.map(({ purpose, streams, ...tags }) => ({
      purpose,
      ...tagsAsJson(tags),
      streams: streams.map(({ name, ...each }) => ({ name, ...tagsAsJson(each) })),
    })),
  };
}

function ruleSetAsJson({ ruleSet: { name, comment, rules } }: ProposedOrganization) {
  return { name, rules: rules.map(({ rule }) => rule), reasons: comment, rulesBecause: becauseOf(rules) };
}

function policyAsJson(entry: CommentedEntry) {
  return { policy: entryOf(entry), reasons: entry.comment, rulesBecause: becauseOf(entry.rules) };
}

/** The reason of each rule, by its name. */
function becauseOf(rules: readonly CommentedRule[]): Readonly<Record<string, string>> {
  return Object.fromEntries(rules.map(({ rule, comment }) => [rule.name, comment.join(" ")]));
}

function tagsAsJson({ patterns, tags, youngest, oldest }: FoundTags) {
  return { patterns, tags, youngestSeconds: Math.floor(youngest / 1_000), oldestSeconds: Math.floor(oldest / 1_000) };
}
