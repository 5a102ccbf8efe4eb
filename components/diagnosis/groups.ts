import type { Finding, Lack, Saw, SubjectFindings } from "./finding";

/** Subjects about which the same is found, numbers aside: these are summed up. */
export interface SubjectGroup {
  readonly kind: SubjectFindings["kind"];
  readonly names: readonly string[];
  readonly findings: readonly Finding[];
}

/** Groups packages about which the same is found, in the order of the first of each. Pure. */
export function groupSubjects(subjects: readonly SubjectFindings[]): SubjectGroup[] {
  return groupsOf(subjects, (subject) => (subject.kind === "package" ? likenessOf(subject) : [subject.kind, subject.name])).map((alike) => {
    const [{ kind, findings }] = alike;
    const names = alike.map(({ name }) => name);
    return { kind, names, findings: alike.length === 1 ? findings : alike.reduce(merged, []) };
  });
}

/** What is missing, with the other subjects that lack the same for the same reason. */
export interface LackGroup {
  readonly lack: Lack;
  readonly others: readonly string[];
}

/** Groups answers that differ in nothing but the name of what was asked for. Pure. */
export function groupLacks(lacks: readonly Lack[]): LackGroup[] {
  return groupsOf(lacks, keyOfLack).map(([lack, ...others]) => ({
    lack,
    others: others.flatMap((one) => ("subject" in one ? [one.subject] : [])),
  }));
}

function keyOfLack(lack: Lack): unknown {
  return lack.kind === "answer" ? [lack.ability, withoutName(lack.message, lack.subject)] : lack;
}

function groupsOf<Each>(all: readonly Each[], keyOf: (each: Each) => unknown): [Each, ...Each[]][] {
  const groups = new Map<string, [Each, ...Each[]]>();
  for (const each of all) {
    const key = JSON.stringify(keyOf(each));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

/** A manifest is read of one package only, which is no difference. */
function likenessOf({ name, findings }: SubjectFindings): unknown {
  return findings
    .filter(({ ability, verdict }) => ability !== "read-manifest" || verdict.kind !== "yes")
    .map(({ ability, verdict, needed }) => [ability, needed, verdict.kind, becauseOf(verdict, name)]);
}

function becauseOf(verdict: Finding["verdict"], name: string): unknown {
  if (verdict.kind === "yes") {
    const { saw } = verdict;
    return [saw.kind, saw.kind === "deleted" && saw.timed, saw.kind === "role" && saw.of];
  }
  const { because } = verdict;
  return typeof because === "object" && because.kind === "answer" ? withoutName(because.message, name) : because;
}

function withoutName(message: string, name: string): string {
  return message.split(name).join("\0");
}

function merged(before: readonly Finding[], { name, findings }: SubjectFindings): Finding[] {
  const own = findings.map((finding) => named(finding, name));
  const known = new Set(before.map(({ ability }) => ability));
  const sum = before.map((finding) =>
    added(
      finding,
      own.find(({ ability }) => ability === finding.ability),
    ),
  );
  // In the order of the longer list.
  const fresh = own.filter(({ ability }) => !known.has(ability));
  return fresh.length === 0 || before.length === 0
    ? [...sum, ...fresh]
    : own.map((one) => sum.find(({ ability }) => ability === one.ability) ?? one);
}

function named(finding: Finding, name: string): Finding {
  const { verdict } = finding;
  if (verdict.kind !== "yes" || verdict.saw.kind !== "manifest") return finding;
  return { ...finding, verdict: { kind: "yes", saw: { kind: "manifest", reference: `${verdict.saw.reference} of ${name}` } } };
}

function added(finding: Finding, other: Finding | undefined): Finding {
  if (finding.verdict.kind !== "yes" || other?.verdict.kind !== "yes") return finding;
  return { ...finding, verdict: { kind: "yes", saw: sumOf(finding.verdict.saw, other.verdict.saw) } };
}

function sumOf(one: Saw, other: Saw): Saw {
  if (one.kind === "versions" && other.kind === "versions") return { ...one, count: one.count + other.count };
  if (one.kind === "deleted" && other.kind === "deleted") return { ...one, count: one.count + other.count };
  if (one.kind === "tags" && other.kind === "tags") return { ...one, listed: one.listed + other.listed, served: one.served + other.served };
  return one;
}
