import { packageLabel } from "../model/errors";
import type { Facts, OwnerProbe, PackageFacts, TokenFacts } from "./facts";
import type { Finding, Lack, SubjectFindings } from "./finding";

/** Ages come from GitHub's clock, but the waits for its limits are computed by both. */
const maxClockMilliseconds = 60_000;

/** Returns what is needed and missing. Pure. */
export function lacksIn({ token, owners }: Facts, subjects: readonly SubjectFindings[]): Lack[] {
  return [
    ...clockLacks(token),
    ...owners.flatMap(selectionLacks),
    ...subjects.flatMap(answerLacks),
    ...scopeLacks(token, subjects),
    ...owners.flatMap(({ packages }) => packages.flatMap(({ facts }) => tagLacks(facts))),
  ];
}

function clockLacks({ account }: TokenFacts): Lack[] {
  const { aheadBy = 0 } = account ?? {};
  return Math.abs(aheadBy) > maxClockMilliseconds ? [{ kind: "clock", aheadBy }] : [];
}

function selectionLacks({ owner, name, packages }: OwnerProbe): Lack[] {
  const list = owner.kind === "reached" ? owner.found.packages : undefined;
  return list?.kind === "reached" && packages.length === 0 ? [{ kind: "selection", subject: name, listed: list.found }] : [];
}

function answerLacks({ name, findings }: SubjectFindings): Lack[] {
  return findings.flatMap(({ ability, verdict, needed }): Lack[] => {
    if (!needed || (verdict.kind !== "no" && verdict.kind !== "unknown") || verdict.because === "unreached") return [];
    return verdict.because.kind === "answer" ? [{ kind: "answer", ability, subject: name, message: verdict.because.message }] : [];
  });
}

/** All packages of a token lack the same scopes. */
function scopeLacks({ kind: token }: TokenFacts, subjects: readonly SubjectFindings[]): Lack[] {
  return (["delete", "restore"] as const).flatMap((ability): Lack[] => {
    const lacking = subjects.flatMap(({ name, findings }) => {
      const missing = findings.filter((finding) => finding.needed && finding.ability === ability).flatMap(missingIn);
      return missing.length === 0 ? [] : [{ name, missing }];
    });
    const [first] = lacking;
    return first === undefined
      ? []
      : [{ kind: "scopes", ability, subjects: lacking.map(({ name }) => name), missing: first.missing, token }];
  });
}

function missingIn({ verdict }: Finding): readonly string[] {
  return verdict.kind === "no" && verdict.because.kind === "scopes" ? verdict.because.missing : [];
}

function tagLacks({ name, versions, tags }: PackageFacts): Lack[] {
  if (versions.kind !== "reached" || tags?.kind !== "reached") return [];
  const [listed, served] = [new Set(versions.found.tags), new Set(tags.found)];
  const onlyListed = [...listed].filter((tag) => !served.has(tag));
  const onlyServed = [...served].filter((tag) => !listed.has(tag));
  return onlyListed.length + onlyServed.length === 0 ? [] : [{ kind: "tags", subject: packageLabel(name), onlyListed, onlyServed }];
}
