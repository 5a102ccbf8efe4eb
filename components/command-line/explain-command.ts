import { Command } from "commander";
import { type Explanation, explain, type Known } from "../approval/explain";
import { approvalForPackage } from "../approval/organization-approvals";
import { type OrganizationApproval, planOnRecord } from "../approval/organization-id";
import { requireCommandToken } from "../config/token";
import type { Graph } from "../graph/graph";
import type { Decided } from "../lifecycle/state/decide-again";
import { reasonsIn, restorableIn } from "../lifecycle/state/ledger";
import type { CheckedInputs } from "../lifecycle/state/stored";
import { recallNotices } from "../lifecycle/state/stored-notices";
import { recallOrganization } from "../lifecycle/state/stored-offers";
import { recallReasons } from "../lifecycle/state/stored-reasons";
import { unknownReferenceText } from "../messages/explanation";
import { checkPackage } from "../review/review-package";
import { type Asked, explainedJson, goneJson } from "./explanation-json";
import { renderExplained, renderGone } from "./render-explanation";
import { contextOf, knownOf, observe, observeMembers, type StackContext, wholePolicyOf } from "./review-stack";
import { recordOf } from "./stack-export";
import { type FoundPolicy, findPolicy, readDeclared } from "./stack-file";
import { configFileOf, configFileOption, type StackOptions, stackNameOf, stackOption } from "./workspace";

interface Options extends StackOptions {
  readonly json?: true;
}

/** `ghcr-retention explain <package> <reference>` says what becomes of a version, and why: by the decision that a preview shows. */
export function explainCommand(): Command {
  return new Command("explain")
    .description(
      "Says what becomes of an image and why: the rules that match, what needs it, its plan and approval, or how it was deleted.",
    )
    .argument("<package>", "app, or owner/app where several owners have one")
    .argument("<reference>", "a tag, a digest, a digest's beginning such as sha256:7f3a9c21b4d0, or the id of a version")
    .option(...stackOption)
    .option(...configFileOption)
    .option("--json", "as data, with whole digests and tagged reasons")
    .action(run);
}

async function run(name: string, reference: string, options: Options): Promise<void> {
  const stack = stackNameOf(options);
  const file = readDeclared(configFileOf({ ...options, stack }));
  const found = findPolicy(file, name);
  const token = requireCommandToken("this command");
  // Without a record, the warning says so, and the decision is that of a first preview.
  const context = contextOf({ file, record: recordOf(stack), token });
  const { decided, known } = await previewed(context, found);
  const { graph } = decided.decision.plan.seen;
  const asked = { package: `${found.policy.owner}/${found.policy.package}`, reference };
  const explanation = explain(decided.decision, decided.policy, known, reference);
  process.stdout.write(
    options.json ? `${JSON.stringify(dataOf(asked, explanation, graph, stack), null, 2)}\n` : textOf(asked, explanation, graph, stack),
  );
}

interface Previewed {
  readonly decided: Decided;
  readonly known: Known;
}

/** Observes and decides as `pulumi preview` does. Throws where a preview would fail. */
async function previewed(context: StackContext, found: FoundPolicy): Promise<Previewed> {
  const { policy: alone, organization } = found;
  const policy = organization === undefined ? alone : wholePolicyOf(organization.whole, alone.package);
  const known = knownOf(context, policy);
  const share = organization && (await shareOf(context, found, known.record?.inputs));
  const outcome = await observe(context, policy, organization?.whole.shared.approve);
  if (outcome.kind === "failed") throw new Error(outcome.observationError);
  const input = { ...known, outcome, warnings: [], tolerant: false, ...(share ? { share } : {}) };
  const { inputs, decided, last, failures } = checkPackage(input);
  if (inputs === undefined || decided === undefined) throw new Error(failures.join("\n"));
  const { refused, ledger } = last ?? { refused: {}, ledger: {} };
  const reasons = recallReasons(reasonsIn(ledger));
  const deletions = restorableIn(ledger).flatMap(({ id, ...entry }) => {
    const reason = reasons[entry.digest];
    return reason === undefined ? [] : [{ ...entry, id: Number(id), reason }];
  });
  return { decided, known: { refused, ledger: deletions, notices: recallNotices(inputs) } };
}

/** Returns a package's part of its organisation's approval. Only an id that the package's record does not know needs all packages. */
async function shareOf(context: StackContext, { policy, organization }: FoundPolicy, inputs: unknown): Promise<OrganizationApproval> {
  const approve = organization?.whole.shared.approve;
  if (organization === undefined || approve === undefined) return {};
  const known = (inputs ?? {}) as Partial<CheckedInputs>;
  if (planOnRecord(recallOrganization(known), approve) !== undefined) return { approve };
  return approvalForPackage((await observeMembers(context, organization.whole)).approvals, policy.package);
}

function textOf(asked: Asked, explanation: Explanation, graph: Graph, stack: string): string {
  if (explanation.kind === "here") return renderExplained(explanation, graph);
  if (explanation.kind === "gone") return renderGone(explanation.gone, restoreLine(asked, explanation.gone.digest, stack));
  throw new Error(unknownReferenceText(asked.package, asked.reference, explanation));
}

function dataOf(asked: Asked, explanation: Explanation, graph: Graph, stack: string): object {
  if (explanation.kind === "here") return explainedJson(asked, explanation, graph);
  if (explanation.kind === "gone") return goneJson(asked, explanation.gone, restoreLine(asked, explanation.gone.digest, stack));
  throw new Error(unknownReferenceText(asked.package, asked.reference, explanation));
}

function restoreLine(asked: Asked, digest: string, stack: string): string {
  return `npx ghcr-retention restore --digest ${digest} --package ${asked.package} --stack ${stack}`;
}
