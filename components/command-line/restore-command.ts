import { Command } from "commander";
import { type DeletedImages, digestPrefix } from "../approval/record";
import { requireCommandToken } from "../config/token";
import { connect } from "../inventory/connection";
import { restoreVersions } from "../lifecycle/apply/restore";
import { readStored } from "../lifecycle/state/read-stored";
import { StoredOutputs, StoredRecord } from "../lifecycle/state/stored";
import { unstoppable } from "../model/stop";
import { exportedResources } from "./stack-export";
import { findPolicy, readStackFile, type StackFile } from "./stack-file";
import { configFileOf, configFileOption, type StackOptions, stackNameOf, stackOption } from "./workspace";

interface Options extends StackOptions {
  readonly plan: string;
}

/** `ghcr-retention restore --plan <id>` restores a whole plan at once, for the night when nobody can wait for a pull request. */
export function restoreCommand(): Command {
  return new Command("restore")
    .description("Restores everything that a plan deleted, now, and says which line of the stack's config agrees with it.")
    .requiredOption("-p, --plan <id>", "the plan, as the preview printed it")
    .option(...stackOption)
    .option(...configFileOption)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const stack = stackNameOf(options);
  const file = readStackFile(configFileOf({ ...options, stack }));
  const token = requireCommandToken("a restoration");
  const found = exportedPolicies(stack).find(({ plans }) => plans.has(options.plan));
  if (found === undefined)
    throw new Error(
      `no policy of the stack ${stack} has deleted anything under the plan ${options.plan} that GitHub may still restore: ` +
        "expected an id that an earlier preview printed. `pulumi stack export` lists what was deleted under `ledger`.",
    );

  const { owner, name, deleted, plans } = found;
  const digests = plans.get(options.plan) ?? [];
  process.stdout.write(`restoring ${digests.length} versions of ${owner}/${name} …\n`);
  await restoreVersions({
    connection: connect(file.endpoints, token),
    name: { owner, name },
    digests,
    deleted,
    restored: new Set(),
    warn: (warning) => void process.stderr.write(`warning: ${warning}\n`),
    signal: unstoppable().changes,
  });
  const configPath = configPathOf(file, `${owner}/${name}`);
  process.stdout.write(
    `restored and pulled. To make the stack agree, and to keep these images:\n  pulumi config set --path '${configPath}.restore[0]' ${options.plan}\n` +
      "and `pulumi up`. Until then `pulumi refresh` takes them out of the ledger.\n",
  );
}

/** The path of a policy in the config. A policy that a program declares has none. */
function configPathOf(file: StackFile, name: string): string {
  try {
    return findPolicy(file, name).configPath;
  } catch {
    return "ghcr-retention:policies[…]";
  }
}

interface ExportedPolicy {
  readonly owner: string;
  readonly name: string;
  readonly deleted: Readonly<Record<string, DeletedImages>>;
  /** Digests by plan id. */
  readonly plans: ReadonlyMap<string, readonly string[]>;
}

function exportedPolicies(stack: string): ExportedPolicy[] {
  return exportedResources(stack).flatMap(({ inputs, outputs }) => {
    const name = `${inputs.owner}/${inputs.package}`;
    const { deletions, deleted, pending } = readStored(StoredRecord, inputs, name);
    const digests = new Set([...Object.keys(deletions), ...Object.keys(readStored(StoredOutputs, outputs, name).ledger)]);
    const plans = Object.entries(deleted).map(([id, { images }]): [string, string[]] => {
      const members = new Set(images.flat());
      return [id, [...digests].filter((digest) => members.has(digestPrefix(digest)))];
    });
    // An update that was killed may have begun with a plan that the state still holds as waiting.
    if (pending) plans.push([pending.id, Object.keys(pending.deletions)]);
    return [
      { owner: String(inputs.owner), name: String(inputs.package), deleted, plans: new Map(plans.filter(([, all]) => all.length > 0)) },
    ];
  });
}
