import { z } from "zod";
import { planOf, plansByPrefix } from "../approval/deleted-by";
import { isFoundId } from "../approval/found";
import { count } from "../messages/plurals";
import { noteSentence } from "../report/paragraph";
import { describeIssues } from "../rules/parse-policy";
import { Rules } from "../rules/rule";
import type { Finding, Findings, OrganizationFinding, PlanReview, ReportFinding } from "./finding";
import { parseImages } from "./parse-images";
import { type ParsedReport, parseApproveAllLine, parseReport } from "./parse-report";
import { LastOutputs, ReviewedInputs, tagsOnRecord } from "./recorded";
import { undoLines } from "./undo-lines";

const State = z.object({
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const Diagnostic = z
  .object({ urn: z.string().optional(), message: z.string(), severity: z.string() })
  // The engine writes the severity before the message as well.
  .transform(({ message, ...rest }) => ({ ...rest, message: message.replace(/^(?:warning|error): /, "").trim() }));

/** https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/ with `--json` */
const Preview = z.object(
  {
    steps: z.array(z.object({ op: z.string(), urn: z.string(), oldState: State.optional(), newState: State.optional() })).default([]),
    diagnostics: z.array(Diagnostic).default([]),
  },
  "expected an object with `steps` and `diagnostics`",
);
type Preview = z.output<typeof Preview>;
type Step = Preview["steps"][number];

const policyType = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";
const organizationType = "ghcr:index:OrganizationRetention";

/** Reads what `pulumi preview --json --show-sames` printed. Throws an error that says what was expected. Pure. */
export function readPreview(text: string, path: string): Findings {
  const preview = parse(text, path);
  const isOf = (urn: string | undefined, type: string) => urn?.split("::").at(-2)?.split("$").at(-1) === type;
  const steps = preview.steps.filter(({ urn, newState }) => isOf(urn, policyType) && newState !== undefined);
  const logged = preview.diagnostics.filter(({ urn }) => isOf(urn, policyType)).map(({ urn = "" }) => urn);
  const urns = [...new Set([...steps.map(({ urn }) => urn), ...logged])];
  const saved = urns.map((urn) =>
    findingOf(
      urn,
      // A replaced resource has several steps with the same inputs.
      steps.find((step) => step.urn === urn),
      preview.diagnostics.filter((diagnostic) => diagnostic.urn === urn),
    ),
  );
  const others = preview.diagnostics.filter(({ urn }) => !isOf(urn, policyType));
  const silent = saved.filter(({ finding, hasInputs }) => !hasInputs && finding.failure === undefined).length;
  const removed = preview.steps.filter(({ urn, newState }) => isOf(urn, policyType) && newState === undefined && !urns.includes(urn));
  const errors = others.filter(({ severity }) => severity === "error").map(({ message }) => message);
  const stack = preview.steps[0]?.urn.split("::")[0]?.split(":")[2];
  return {
    ...(stack === undefined ? {} : { stack }),
    packages: saved.map(({ finding }) => finding),
    organizations: others
      .filter(({ urn, severity }) => severity === "info" && isOf(urn, organizationType))
      .map(({ urn = "", message }) => organizationFinding(nameIn(urn), message)),
    notes: [
      ...(silent > 0
        ? [`the saved preview lists no images of ${silent} unchanged policies: \`pulumi preview --json --show-sames\` does`]
        : []),
      ...removed.map(({ urn }) => `the policy of ${nameIn(urn)} is taken out of the stack: nothing is deleted in the registry`),
      ...others.filter(({ severity }) => severity === "warning").map(({ message }) => message),
    ],
    errors: errors.length + saved.length + removed.length === 0 ? [`${path} holds no preview of a retention policy: ${expected}`] : errors,
  };
}

const expected =
  "expected what `pulumi preview --json --show-sames` printed for a stack that declares one, and all of it. Run it again, and review that";

function parse(text: string, path: string): Preview {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    throw new Error(`${path} is no JSON: expected what \`pulumi preview --json --show-sames\` printed on stdout, and nothing else`);
  }
  const parsed = Preview.safeParse(written);
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is not what \`pulumi preview --json --show-sames\` prints:\n${describeIssues(parsed.error)}`);
}

function nameIn(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

interface SavedFinding {
  readonly finding: Finding;
  /** Whether the saved preview holds the inputs, from which the images are read. */
  readonly hasInputs: boolean;
}

function findingOf(urn: string, step: Step | undefined, diagnostics: Preview["diagnostics"]): SavedFinding {
  const messages = (severity: string) => diagnostics.filter((one) => one.severity === severity).map(({ message }) => message);
  const inputs = ReviewedInputs.safeParse(step?.newState?.inputs);
  const errors = messages("error");
  const unseen = step?.newState?.inputs.unseen === true ? messages("warning") : [];
  const text = messages("info").find((one) => /^(plan |nothing to delete|\d+ of \d+ versions? in grace|restore \d)/.test(one));
  const report = text === undefined ? undefined : reportFinding(parseReport(text), inputs.data, step);
  const isOutputUnread = !LastOutputs.safeParse(step?.oldState?.outputs ?? {}).success;
  const failures = [
    ...errors,
    ...unseen,
    ...(step !== undefined && !inputs.success ? [`its inputs are not understood: ${hidden}\n${describeIssues(inputs.error)}`] : []),
    ...(isOutputUnread ? [`the outputs of its last run are not understood: ${hidden}`] : []),
    ...(report === undefined ? [] : doubtsAbout(report, inputs.data)),
    ...(report === undefined && errors.length + unseen.length === 0 ? ["the preview does not know what this policy would do yet"] : []),
  ];
  const finding: Finding = {
    name: inputs.success ? `${inputs.data.owner}/${inputs.data.package}` : nameIn(urn),
    ...(report === undefined ? {} : { report }),
    warnings: unseen.length > 0 ? [] : messages("warning"),
    ...(failures.length > 0 ? { failure: failures.join("\n") } : {}),
    ...(unseen.length > 0 && errors.length === 0 ? { tolerated: true as const } : {}),
  };
  return { finding, hasInputs: inputs.success };
}

const hidden = "a secret hides them, or another version of the package wrote them";
const sameVersion = "run `pulumi preview --json --show-sames` again, with the version of the package that reviews it";

/** Says where a report is not understood, or tells of something else than the inputs beside it: then nobody knows what goes. */
function doubtsAbout({ plans, idle }: ReportFinding, inputs: ReviewedInputs | undefined): string[] {
  if (plans.length === 0 && idle === undefined) return [`its report is of no known form: ${sameVersion}`];
  if (inputs === undefined) return [];
  const unnamed = inputs.pending && !plans.some(({ id }) => id === inputs.pending?.id) ? [inputs.pending] : [];
  return [
    ...unnamed.map(({ id }) => `its inputs hold the plan ${id}, and its report does not: ${sameVersion}`),
    ...plans.flatMap(({ id, state, deletes, reasons }) => {
      const listed = Object.keys(reasons).length;
      // The inputs list what was approved before as well.
      if (state === "approved" ? listed > 0 : listed === deletes) return [];
      return [`its report says that the plan ${id} deletes ${count(deletes, "version")}, and its inputs list ${listed}: ${sameVersion}`];
    }),
  ];
}

/** Returns the findings of a printed report and the inputs beside it. */
export function reportFinding(report: ParsedReport, inputs?: ReviewedInputs, step?: Step): ReportFinding {
  const { nothing, moving, counts, alerts, notices, notes, blocks } = report;
  const rules = Rules.safeParse(step?.newState?.inputs.rules);
  const last = LastOutputs.safeParse(step?.oldState?.outputs).data;
  const earlierTags = [step?.oldState?.inputs, step?.newState?.inputs].flatMap(tagsOnRecord);
  const recordedBy = plansByPrefix(inputs?.deleted ?? {});
  const isApproved = (digest: string) =>
    last?.ledger[digest] === undefined && last?.refused[digest] === undefined && !isFoundId(planOf(recordedBy, digest));
  const approved = Object.fromEntries(Object.entries(inputs?.deletions ?? {}).filter(([digest]) => isApproved(digest)));
  const plans = report.headlines.map((headline): PlanReview => {
    const isWaiting = inputs ? headline.id === inputs.pending?.id : report.approved === undefined || headline !== report.headlines[0];
    const reasons = isWaiting ? (inputs?.pending?.deletions ?? {}) : approved;
    const approveWith = report.approveWith?.includes(headline.id) ? { approveWith: report.approveWith } : {};
    const planned = { ...headline, planned: parseImages(reasons, { earlierTags, moving }), reasons };
    if (isWaiting && report.breach !== undefined) return { ...planned, state: "refused", text: report.breach };
    const shared = { ...planned, undoWith: undoLines(headline.id, approveWith.approveWith, inputs?.restore?.length ?? 0) };
    if (!isWaiting) return { ...shared, state: "approved", text: report.approved ?? "" };
    return { ...shared, state: "waiting", text: noteSentence({ state: "waiting", note: report.waiting ?? "" }), ...approveWith };
  });
  const known = { counts, ...(rules.success ? { rules: rules.data } : {}), ...(nothing === undefined ? {} : { idle: nothing }) };
  return { ...known, plans, alerts, notices, notes, blocks };
}

function organizationFinding(name: string, report: string): OrganizationFinding {
  const line = parseApproveAllLine(report);
  return { name, headline: report.split("\n")[0] ?? "", ...(line === undefined ? {} : { approveWith: line }) };
}
