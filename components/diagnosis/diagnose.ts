import { packageLabel } from "../model/errors";
import { missingScopes } from "../model/token-scopes";
import type { Facts, Needs, OwnerFacts, OwnerProbe, PackageFacts, Probe, TokenFacts } from "./facts";
import type { Ability, Diagnosis, Finding, Saw, SubjectFindings, Verdict } from "./finding";
import { lacksIn } from "./lacks";

/** Judges what the token can do, and what of it is needed and missing. Pure. */
export function diagnose(facts: Facts): Diagnosis {
  const { token, owners } = facts;
  const all = [...(owners.length === 0 ? [] : [judgeRegistry(facts)]), ...owners.flatMap((owner) => judgeOwner(token, owner))];
  const subjects = all.filter(({ findings }) => findings.length > 0);
  return { token, subjects, lacks: lacksIn(facts, subjects) };
}

/** A registry that lists tags accepts the token, whatever it answers where nothing is asked for. */
function judgeRegistry({ registry, owners }: Facts): SubjectFindings {
  const isServed = owners.some(({ packages }) => packages.some(({ facts }) => facts.tags?.kind === "reached"));
  const signIn = isServed ? ({ kind: "reached", found: undefined } as const) : registry;
  return { kind: "registry", name: "registry", findings: [asked("sign-in", signIn, nothingElse)] };
}

function judgeOwner(token: TokenFacts, { owner, name, packages }: OwnerProbe): SubjectFindings[] {
  // Without the owner's kind nothing can be asked of its packages.
  if (owner.kind !== "reached") return [{ kind: "owner", name, findings: [asked("find-owner", owner, nothingElse)] }];
  const list = owner.found.packages;
  const findings = list === undefined ? [] : [asked("list-packages", list, (count) => ({ kind: "packages", count }))];
  const ofPackages = packages.map(({ facts, needs }): SubjectFindings => {
    return { kind: "package", name: packageLabel(facts.name), findings: judgePackage(token, owner.found, facts, needs) };
  });
  return [{ kind: "owner", name, findings }, ...ofPackages];
}

function judgePackage(token: TokenFacts, owner: OwnerFacts, facts: PackageFacts, needs: Needs): Finding[] {
  const { versions, deleted, tags, manifest } = facts;
  const isReached = versions.kind === "reached";
  const listed = isReached ? versions.found.tags.length : 0;
  const change = (ability: "delete" | "restore"): Verdict => {
    const verdict = judgeChange(ability, token, owner);
    // Scopes that are missing are told at once, whatever else is.
    return isReached || verdict.kind === "no" ? verdict : unreached;
  };
  const needsList = needs.deletes || needs.restores || needs.searched;
  return [
    asked("list-versions", versions, ({ count }) => ({ kind: "versions", count })),
    deleted
      ? { ...asked("list-deleted", deleted, (found) => ({ kind: "deleted", ...found })), needed: needsList }
      : { ability: "list-deleted", verdict: unreached, needed: needsList },
    ...(tags ? [asked("list-tags", tags, (found) => ({ kind: "tags", listed, served: found.length }))] : []),
    ...(manifest ? [asked("read-manifest", manifest, (reference) => ({ kind: "manifest", reference }))] : []),
    ...(needs.reads
      ? ([
          { ability: "delete", verdict: change("delete"), needed: needs.deletes },
          { ability: "restore", verdict: change("restore"), needed: needs.deletes || needs.restores },
        ] as const)
      : []),
  ];
}

const unreached: Verdict = { kind: "unknown", because: "unreached" };

function nothingElse(): Saw {
  return { kind: "nothing else" };
}

/** Judges what was asked for: mostly, only what is needed is. */
function asked<Found>(ability: Ability, probe: Probe<Found>, saw: (found: Found) => Saw): Finding {
  if (probe.kind === "reached") return { ability, needed: true, verdict: { kind: "yes", saw: saw(probe.found) } };
  const because = { kind: "answer", message: probe.message } as const;
  return { ability, needed: true, verdict: { kind: probe.kind === "refused" ? "no" : "unknown", because } };
}

/** https://docs.github.com/en/rest/packages/packages names the scopes; of the role, it says only that it has to be Admin. */
const neededScopes = {
  delete: new Set(["read:packages", "delete:packages"]),
  restore: new Set(["read:packages", "write:packages"]),
};

function judgeChange(ability: "delete" | "restore", { account }: TokenFacts, { role, kind }: OwnerFacts): Verdict {
  const { scopes } = account ?? {};
  if (scopes === undefined) return { kind: "unproven", because: "permissions" };
  const missing = missingScopes(scopes, neededScopes[ability]);
  if (missing.length > 0) return { kind: "no", because: { kind: "scopes", missing } };
  if (role === "owner") return { kind: "yes", saw: { kind: "role", of: kind } };
  return { kind: "unproven", because: "role" };
}
