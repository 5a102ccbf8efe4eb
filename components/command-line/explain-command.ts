import { Command } from "commander";
import { type Sightings, seenBy } from "../approval/sightings";
import { requireCommandToken } from "../config/token";
import { connect } from "../inventory/connection";
import { readStored } from "../lifecycle/state/read-stored";
import { StoredRecord } from "../lifecycle/state/stored";
import { recallSightings, seenKey } from "../lifecycle/state/stored-seen";
import { explanationText } from "../messages/explanation";
import { observeForPolicy } from "../observe/observe-policy";
import { explain, findVersion } from "../plan/explain";
import { dayOf } from "../plan/plan-id";
import { parsePolicy } from "../rules/parse-policy";
import type { Policy } from "../rules/policy";
import { renderExplanation } from "./render-explanation";
import { recordOf } from "./stack-export";
import { findPolicy, readStackFile } from "./stack-file";
import { configFileOf, configFileOption, type StackOptions, stackNameOf, stackOption } from "./workspace";

interface Options extends StackOptions {
  readonly json?: true;
}

/** `ghcr-retention explain <package> <tag|digest>` explains why a version stays or goes. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("Explains why an image stays or goes: the rules that match, the images that need it, and the age that counts.")
    .argument("<package>", "app, or owner/app where several owners have one")
    .argument("<reference>", "a tag, a digest, or a digest's beginning such as sha256:7f3a9c21b4d0")
    .option(...stackOption)
    .option(...configFileOption)
    .option("--json", "as data")
    .action(run);
}

async function run(name: string, reference: string, options: Options): Promise<void> {
  const file = readStackFile(configFileOf(options));
  const policy = parsePolicy(findPolicy(file, name).policy);
  const token = requireCommandToken("this command");
  const observed = await observeForPolicy(connect(file.endpoints, token), { owner: policy.owner, name: policy.package }, { policy });
  const today = dayOf(observed.inventory.now);
  // The record says since when an image has had no tag; of a tagged one, it says nothing.
  const isUntagged = observed.nodes[findVersion(observed, reference) ?? -1]?.version.tags.length === 0;
  const sightings = isUntagged ? sightingsOf(stackNameOf(options), policy) : undefined;
  const { graph } = seenBy(sightings, observed);
  const explanation = explain(graph, policy, today, reference);
  if (explanation === undefined)
    throw new Error(`${name} has no version that "${reference}" names: expected a tag, or a digest of which that is the beginning`);
  const text = explanationText(explanation, graph);
  process.stdout.write(options.json ? `${JSON.stringify(text, null, 2)}\n` : renderExplanation(text));
}

/** Returns what the stack's runs saw of the package's tags; `undefined` without a run on record. */
function sightingsOf(stack: string, { owner, package: name }: Policy): Sightings | undefined {
  const label = `${owner}/${name}`.toLowerCase();
  const own = recordOf(stack).resources.find(({ inputs }) => `${inputs.owner}/${inputs.package}`.toLowerCase() === label);
  const seen = own && readStored(StoredRecord, own.inputs, label)[seenKey];
  return seen && recallSightings(seen);
}
