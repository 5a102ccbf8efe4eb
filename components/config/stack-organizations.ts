import { ConfigError } from "../model/errors";
import { issueText } from "../rules/issue-text";
import { describeIssues } from "../rules/parse-policy";
import type { PolicyInput } from "../rules/policy";
import { Organization, type OrganizationInput } from "./organization-schema";
import { type SharedPolicy, weakenings } from "./override";
import { type ConfiguredPolicy, configure, readShared, type Shared } from "./stack-policies";

/** An organisation's policy, merged with rule sets and defaults. */
export interface WholeOrganization {
  readonly organization: Organization;
  readonly shared: SharedPolicy;
  readonly overrides: NonNullable<OrganizationInput["overrides"]>;
  /** Digests, tags and references, as written. */
  readonly protect: readonly string[];
}

export interface ConfiguredOrganization {
  /** The owner's name, numbered from the second policy of an owner on: `acme`, `acme-2`. */
  readonly name: string;
  readonly whole: WholeOrganization;
  readonly configPath: string;
  /** The settings that are weaker than the stack's defaults; the preview warns about them. */
  readonly weaker: ConfiguredPolicy["weaker"];
}

/** Parses the organisations of a stack's config. Throws one {@link ConfigError} that names every path and its fix. Pure. */
export function readStackOrganizations(written: {
  organizations?: unknown;
  ruleSets?: unknown;
  defaults?: unknown;
}): ConfiguredOrganization[] {
  const problems: string[] = [];
  const shared = readShared(written, problems);
  const entries = Array.isArray(written.organizations ?? []) ? ((written.organizations ?? []) as unknown[]) : [];
  if (written.organizations !== undefined && !Array.isArray(written.organizations)) {
    problems.push("  ghcr-retention:organizations: expected a list");
  }
  const counts = new Map<string, number>();
  const configured = entries.flatMap((entry, index) => {
    const path = `organizations[${index}]`;
    const made = makeWhole(entry, path, shared, problems);
    if (made === undefined) return [];
    const owner = made.whole.organization.owner.toLowerCase();
    const count = (counts.get(owner) ?? 0) + 1;
    counts.set(owner, count);
    return [{ ...made, name: count === 1 ? owner : `${owner}-${count}`, configPath: `ghcr-retention:${path}` }];
  });
  if (problems.length > 0) throw new ConfigError(`the stack's config is not valid:\n${problems.join("\n")}`);
  return configured;
}

/** An organisation's policy as a program writes it. Throws a {@link ConfigError} that names every path and its fix. Pure. */
export function readOrganization(written: unknown): WholeOrganization {
  const problems: string[] = [];
  const made = makeWhole(written, "organization", { ruleSets: {}, defaults: {} }, problems);
  if (made === undefined || problems.length > 0) {
    throw new ConfigError(`the organization's policy is not valid:\n${problems.join("\n").replaceAll("ghcr-retention:", "")}`);
  }
  return made.whole;
}

function makeWhole(
  written: unknown,
  path: string,
  stack: Shared,
  problems: string[],
): Pick<ConfiguredOrganization, "whole" | "weaker"> | undefined {
  const parsed = Organization.safeParse(written, { error: issueText });
  if (!parsed.success) {
    problems.push(describeIssues(parsed.error, `ghcr-retention:${path}.`));
    return undefined;
  }
  const {
    owner,
    rules,
    use,
    limits,
    minimumAge,
    grace,
    inUse,
    approval,
    approve,
    onVoid,
    overrides = {},
    protect = [],
  } = written as OrganizationInput;
  const own = { rules, use, limits, minimumAge, grace, inUse, approval, approve, onVoid };
  const entry = { owner, package: "any", ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) };
  const [configured] = configure(entry, path, stack, problems);
  if (configured === undefined) return undefined;
  const { package: _any, protect: defaults = [], ...shared }: PolicyInput = configured.policy;
  problems.push(...weakenings(shared, overrides, `ghcr-retention:${path}`));
  const whole = { organization: parsed.data, shared, overrides, protect: [...new Set([...defaults, ...protect])] };
  return { whole, weaker: configured.weaker };
}
