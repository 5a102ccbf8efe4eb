import type { Diagnosis, Finding, Lack, SubjectFindings } from "../diagnosis/finding";
import { groupLacks, groupSubjects, type LackGroup, type SubjectGroup } from "../diagnosis/groups";
import { abilityText, clockText, lackText, tokenText, verdictText } from "../messages/diagnosis";
import { firstOf } from "../messages/plurals";

/** Renders a diagnosis for people: what the token can do, then what is missing. */
export function renderDiagnosis({ token, subjects, lacks }: Diagnosis): string {
  const lines = [
    `GITHUB_TOKEN is ${tokenText(token)}`,
    ...(token.account?.aheadBy === undefined ? [] : [clockText(token.account.aheadBy)]),
    ...groupSubjects(subjects).flatMap((group) => ["", ...groupLines(group)]),
    "",
    ...(lacks.length === 0 ? ["nothing is missing"] : ["missing:", ...groupLacks(lacks).map((group) => `  ${lackLine(group)}`)]),
    ...unprovenLines(subjects),
  ];
  return `${lines.join("\n")}\n`;
}

const maxNamed = 20;

function groupLines({ kind, names, findings }: SubjectGroup): string[] {
  const width = Math.max(...findings.map(({ ability }) => abilityText(ability).length));
  return [
    kind === "registry" ? "the registry" : `${names.length > 1 ? `${names.length} packages: ` : ""}${firstOf(names, maxNamed)}`,
    ...findings.map((finding) => `  ${abilityText(finding.ability).padEnd(width)}  ${findingText(finding)}`),
  ];
}

function lackLine({ lack, others }: LackGroup): string {
  return others.length === 0 ? lackText(lack) : `${lackText(lack)} (and the same for ${firstOf(others, maxNamed)})`;
}

/** An answer that is a lack stands under what is missing. */
function findingText({ verdict, needed }: Finding): string {
  const isLack = needed && (verdict.kind === "no" || verdict.kind === "unknown") && verdict.because !== "unreached";
  if (!isLack || verdict.because.kind !== "answer") return verdictText(verdict);
  return verdict.kind === "no" ? "no" : "not known";
}

function unprovenLines(subjects: readonly SubjectFindings[]): string[] {
  const lines = (["delete", "restore"] as const).flatMap((ability) => {
    const names = subjects.flatMap(({ name, findings }) => {
      return findings.some((one) => one.ability === ability && one.needed && one.verdict.kind === "unproven") ? [name] : [];
    });
    return names.length === 0 ? [] : [`${abilityText(ability)} (${firstOf(names, 3)})`];
  });
  return lines.length === 0 ? [] : [`unproven until it is done: ${lines.join(", ")}`];
}

/** Renders a diagnosis as JSON. */
export function diagnosisAsJson({ token, subjects, lacks }: Diagnosis): string {
  const { kind, account: { scopes, login, aheadBy } = { scopes: undefined } } = token;
  const report = {
    token: { from: "GITHUB_TOKEN", kind, ...(login === undefined ? {} : { login }), ...(scopes ? { scopes: [...scopes].sort() } : {}) },
    ...(aheadBy === undefined ? {} : { clock: { aheadBySeconds: Math.round(aheadBy / 1_000) } }),
    subjects: subjects.map(({ findings, ...subject }) => ({ ...subject, findings: findings.map(findingAsJson) })),
    missing: lacks.map(lackAsJson),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function findingAsJson({ ability, verdict, needed }: Finding) {
  const saw = verdict.kind === "yes" && verdict.saw.kind !== "nothing else" ? { saw: verdict.saw } : {};
  return { ability, verdict: verdict.kind, needed, ...saw, message: verdictText(verdict) };
}

function lackAsJson(lack: Lack) {
  return {
    kind: lack.kind,
    subjects: "subject" in lack ? [lack.subject] : "subjects" in lack ? lack.subjects : [],
    ...("ability" in lack ? { ability: lack.ability } : {}),
    message: lackText(lack),
  };
}
