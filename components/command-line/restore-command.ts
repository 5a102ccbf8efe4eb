import { Command } from "commander";
import { requireCommandToken } from "../config/token";
import { connect } from "../inventory/connection";
import { restoreVersions } from "../lifecycle/apply/restore";
import { count } from "../messages/plurals";
import { unstoppable } from "../model/stop";
import { findRestorable, type Reference } from "./find-restorable";
import { findPolicy, readStackFile, type StackFile } from "./stack-file";
import { configFileOf, configFileOption, type StackOptions, stackNameOf, stackOption } from "./workspace";

interface Options extends StackOptions {
  readonly plan?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly since?: string;
  readonly package?: string;
}

/** `ghcr-retention restore` restores a plan, an image, or whatever was deleted from a time on, for the night when nobody can wait for a pull request. */
export function restoreCommand(): Command {
  return new Command("restore")
    .description("Restores deleted images, now, and says which line of the stack's config agrees with it.")
    .option("-p, --plan <id>", "everything that a plan deleted, as the preview printed it")
    .option("-t, --tag <tag>", "the image that had this tag last")
    .option("-d, --digest <digest>", "the image with this digest")
    .option("--since <time>", "whatever was deleted from a time on, by whomever, such as 2026-11-23T09:30:00Z")
    .option("--package <owner/name>", "the package, where the stack has policies for several, or none any more")
    .option(...stackOption)
    .option(...configFileOption)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const reference = referenceOf(options);
  const stack = stackNameOf(options);
  const file = readStackFile(configFileOf({ ...options, stack }));
  const connection = connect(file.endpoints, requireCommandToken("a restoration"));
  const { name, digests, deleted, ids } = await findRestorable({ connection, stack, file, reference, package: options.package });
  const label = `${name.owner}/${name.name}`;
  process.stdout.write(`restoring ${count(digests.length, "version")} of ${label} …\n`);
  const parts = await restoreVersions({
    connection,
    name,
    digests,
    deleted,
    ids,
    restored: new Set(),
    warn: (warning) => void process.stderr.write(`warning: ${warning}\n`),
    signal: unstoppable().changes,
  });
  if (parts.size > 0)
    process.stdout.write(`and ${count(parts.size, "part")} of them that ${parts.size === 1 ? "was" : "were"} deleted too\n`);
  process.stdout.write(
    `restored and pulled. To make the stack agree, and to keep these images:\n  pulumi config set --path '${configPathOf(file, label)}.restore[0]' ${reference.value}\n` +
      "and `pulumi up`. Until then `pulumi refresh` takes them out of the ledger.\n",
  );
}

function referenceOf({ plan, tag, digest, since }: Options): Reference {
  const given = Object.entries({ plan, tag, digest, since }).flatMap(([kind, value]) => (value === undefined ? [] : [{ kind, value }]));
  const [reference] = given;
  if (reference === undefined || given.length > 1) throw new Error("expected one of --plan, --tag, --digest and --since");
  if (reference.kind === "since" && Number.isNaN(Date.parse(reference.value)))
    throw new Error(`--since ${reference.value}: expected a time such as 2026-11-23T09:30:00Z`);
  return reference as Reference;
}

/** The path of a policy in the config. A policy that a program declares has none. */
function configPathOf(file: StackFile, name: string): string {
  try {
    return findPolicy(file, name).configPath;
  } catch {
    return "ghcr-retention:policies[…]";
  }
}
