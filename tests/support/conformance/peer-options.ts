import type { Policy, PolicyInput } from "../../../components/rules/policy";
import { policyOf, type RuleInput } from "../builders/policy";

/** What the peers' regular expressions say, as globs. */
const asGlobs: Readonly<Record<string, readonly string[]>> = {
  "^1.3[56]-uclibc$": ["1?3[56]-uclibc"],
  "^v1\\.\\d+$": ["v1.[0-9]", "v1.[0-9][0-9]"],
  "^(beta|legacy|old)$": ["beta", "legacy", "old"],
};

/** The peers' ages as ours; a minute is our shortest. */
const asDurations: Readonly<Record<string, string>> = { "1 second": "1m", "30 years": "10950d" };

/** Options that only say how the peer runs, or what it does anyhow. */
const ignored = new Set(["dry-run", "use-regex"]);

const kinds = new Set(["delete-ghost-images", "delete-partial-images", "delete-orphaned-images"]);

/** A peer's options as our policy; `undefined` where an option has no rule of ours yet. */
export function policyFromOptions(options: Readonly<Record<string, string>>): Policy | undefined {
  const { rules, protect, unknown } = translate(options);
  return unknown.length > 0 ? undefined : policyOf(rules, { protect });
}

interface Translation {
  readonly rules: RuleInput[];
  readonly protect: NonNullable<PolicyInput["protect"]>;
  readonly unknown: string[];
}

function translate(options: Readonly<Record<string, string>>): Translation {
  const { "delete-tags": deleteTags, "exclude-tags": exclude, "older-than": age, ...rest } = options;
  const { "keep-n-tagged": keepTagged, "keep-n-untagged": keepUntagged, "delete-untagged": deleteUntagged, ...others } = rest;
  const selected = splitNames(deleteTags, options["use-regex"] === "true");
  const olderThan = age === undefined ? {} : { olderThan: asDurations[age] ?? age };
  const when = { action: "delete", ...olderThan } as const;
  const rules: RuleInput[] = [];

  // The peers' keep-n counts within the tags to delete, where these are given.
  const counted = selected.tags.length > 0 ? selected.tags : ["*"];
  if (keepTagged !== undefined || selected.tags.length > 0) rules.push({ name: "tagged", tags: counted, ...when });
  if (Number(keepTagged) > 0) rules.push({ name: "newest-tagged", action: "keep", tags: counted, mostRecent: Number(keepTagged) });

  // Without any other choice the first peer deletes what is untagged.
  const isDefault =
    deleteTags === undefined &&
    keepTagged === undefined &&
    keepUntagged === undefined &&
    Object.keys(others).every((name) => ignored.has(name));
  if (deleteUntagged === "true" || keepUntagged !== undefined || isDefault) rules.push({ name: "untagged", untagged: true, ...when });
  if (Number(keepUntagged) > 0) rules.push({ name: "newest-untagged", action: "keep", untagged: true, mostRecent: Number(keepUntagged) });

  if (selected.digests.length > 0) rules.push({ name: "by-digest", digests: selected.digests, ...when });
  if (others["delete-ghost-images"] === "true") rules.push({ name: "ghosts", broken: "ghost", ...when });
  if (others["delete-partial-images"] === "true") rules.push({ name: "partial", broken: "partial", ...when });
  if (others["delete-orphaned-images"] === "true") rules.push({ name: "orphans", dangling: true, ...when });

  return {
    rules,
    protect: splitList(exclude),
    unknown: Object.keys(others).filter((name) => !ignored.has(name) && !kinds.has(name)),
  };
}

function splitNames(text: string | undefined, isPattern: boolean): { tags: string[]; digests: string[] } {
  const names = isPattern && text !== undefined ? [...(asGlobs[text] ?? [text])] : splitList(text);
  return { tags: names.filter((name) => !name.includes(":")), digests: names.filter((name) => name.includes(":")) };
}

function splitList(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(",").map((name) => name.trim());
}
