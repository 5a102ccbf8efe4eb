import { z } from "zod";
import { StoredRecord } from "../lifecycle/state/stored";
import { describeIssues } from "../rules/parse-policy";
import { type Finding, type Findings, LastOutputs, ReviewedInputs } from "./finding";

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
  const packages = urns.map((urn) =>
    findingOf(
      urn,
      // Of a resource that is replaced there are several steps with the same inputs.
      steps.find((step) => step.urn === urn),
      preview.diagnostics.filter((diagnostic) => diagnostic.urn === urn),
    ),
  );
  const others = preview.diagnostics.filter(({ urn }) => !isOf(urn, policyType));
  const silent = packages.filter(({ inputs, failure }) => inputs === undefined && failure === undefined).length;
  return {
    packages,
    organizations: others
      .filter(({ urn, severity }) => severity === "info" && isOf(urn, organizationType))
      .map(({ urn = "", message }) => ({ name: nameIn(urn), report: message })),
    notes: [
      ...(silent > 0
        ? [`the saved preview lists no images of ${silent} unchanged policies: \`pulumi preview --json --show-sames\` does`]
        : []),
      ...others.filter(({ severity }) => severity === "warning").map(({ message }) => message),
    ],
    errors: others.filter(({ severity }) => severity === "error").map(({ message }) => message),
  };
}

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

function findingOf(urn: string, step: Step | undefined, diagnostics: Preview["diagnostics"]): Finding {
  const said = (severity: string) => diagnostics.filter((one) => one.severity === severity).map(({ message }) => message);
  const inputs = ReviewedInputs.safeParse(step?.newState?.inputs);
  const last = LastOutputs.safeParse(step?.oldState?.outputs);
  const before = StoredRecord.safeParse(step?.oldState?.inputs);
  const errors = said("error");
  const unseen = step?.newState?.inputs.unseen === true ? said("warning") : [];
  const report = said("info").find((text) => /^(plan |nothing to delete|restore \d)/.test(text));
  const failures = [
    ...errors,
    ...unseen,
    ...(step !== undefined && !inputs.success ? [`its inputs are not understood:\n${describeIssues(inputs.error)}`] : []),
    ...(report === undefined && errors.length + unseen.length === 0 ? ["the preview does not know what this policy would do yet"] : []),
  ];
  return {
    name: inputs.success ? `${inputs.data.owner}/${inputs.data.package}` : nameIn(urn),
    ...(inputs.success ? { inputs: inputs.data } : {}),
    ...(last.success ? { last: last.data } : {}),
    ...(before.success ? { before: before.data } : {}),
    ...(report === undefined ? {} : { report }),
    warnings: unseen.length > 0 ? [] : said("warning"),
    ...(failures.length > 0 ? { failure: failures.join("\n") } : {}),
    ...(unseen.length > 0 && errors.length === 0 ? { tolerated: true as const } : {}),
  };
}
