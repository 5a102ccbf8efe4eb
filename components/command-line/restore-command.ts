import { Command } from "commander";
import { type DeletedImages, digestPrefix } from "../approval/record";
import { requireCommandToken } from "../config/token";
import { connect } from "../inventory/connection";
import { restoreVersions } from "../lifecycle/apply/restore";
import { count } from "../messages/plurals";
import { unstoppable } from "../model/stop";
import { findRestorable, type Reference } from "./find-restorable";
import { listRestorable, renderRestorable, restorableAsJson } from "./list-restorable";
import { ofEach } from "./of-each";
import { candidatesOf, labelOf, readRecorded } from "./recorded-policies";
import { findPolicy, readStackFile, type StackFile } from "./stack-file";
import { configFileOf, configFileOption, type StackOptions, stackNameOf, stackOption } from "./workspace";

interface Options extends StackOptions {
  readonly plan?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly since?: string;
  readonly package?: string;
  readonly list?: true;
  readonly json?: true;
  readonly dryRun?: true;
}

/** `ghcr-retention restore` restores a plan, an image, or whatever was deleted from a time on, for the night when nobody can wait for a pull request. */
export function restoreCommand(): Command {
  return new Command("restore")
    .description("Restores deleted images, now, and says which line of the stack's config agrees with it.")
    .option("-l, --list", "lists what can be restored of each package, and until when; restores nothing")
    .option("--json", "with --list: as data")
    .option("-p, --plan <id>", "everything that a plan deleted, as the preview printed it")
    .option("-t, --tag <tag>", "the image that had this tag last")
    .option("-d, --digest <digest>", "the image with this digest, or its beginning as --list prints it")
    .option("--since <time>", "whatever was deleted from a time on, by whomever, such as 2026-11-23T09:30:00Z")
    .option("--dry-run", "says what would be restored; restores nothing")
    .option("--package <owner/name>", "only this package; or one that the stack has no policy for any more")
    .option(...stackOption)
    .option(...configFileOption)
    .action((options: Options) => (options.list ? list(options) : run(options)));
}

async function list(options: Options): Promise<void> {
  if (references(options).length > 0)
    throw new Error("--list takes no --plan, --tag, --digest or --since: --dry-run says what each would restore");
  const stack = stackNameOf(options);
  const file = readStackFile(configFileOf({ ...options, stack }));
  const connection = connect(file.endpoints, requireCommandToken("this command"));
  const candidates = candidatesOf({ stack, file, package: options.package });
  const { found, failures } = await ofEach(candidates, async (candidate) => {
    return { label: labelOf(candidate.name), ...(await listRestorable(connection, candidate.name, readRecorded(candidate))) };
  });
  for (const failure of failures) warn(failure);
  if (failures.length > 0) process.exitCode = 1;
  process.stdout.write(`${options.json ? restorableAsJson(found) : renderRestorable(found)}\n`);
}

async function run(options: Options): Promise<void> {
  if (options.json) throw new Error("--json: expected with --list; a restoration prints what it does");
  const reference = referenceOf(options);
  const stack = stackNameOf(options);
  const file = readStackFile(configFileOf({ ...options, stack }));
  const connection = connect(file.endpoints, requireCommandToken("a restoration"));
  const { name, digests, deleted, ids, ...found } = await findRestorable({
    connection,
    stack,
    file,
    reference,
    package: options.package,
    warn,
  });
  const label = `${name.owner}/${name.name}`;
  if (options.dryRun) {
    process.stdout.write(`would restore ${count(digests.length, "version")} of ${label}, parts that no record names aside:\n`);
    process.stdout.write(`${digests.map((digest) => `  ${[digest, ...tagsOf(deleted, digest)].join(" ")}`).join("\n")}\n`);
    return;
  }
  process.stdout.write(`restoring ${count(digests.length, "version")} of ${label} …\n`);
  const parts = await restoreVersions({
    connection,
    name,
    digests,
    deleted,
    ids,
    restored: new Set(),
    warn,
    signal: unstoppable().changes,
  });
  if (parts.size > 0)
    process.stdout.write(`and ${count(parts.size, "part")} of them that ${parts.size === 1 ? "was" : "were"} deleted too\n`);
  process.stdout.write(
    `restored and pulled. ${agreement(file, label, found.reference)} Until then \`pulumi refresh\` takes them out of the ledger.\n`,
  );
}

function warn(text: string): void {
  process.stderr.write(`warning: ${text}\n`);
}

/** Says how the stack comes to agree: by one more entry of `restore`, since one that stands there keeps what it restored. */
function agreement(file: StackFile, label: string, reference: string): string {
  const { configPath, restore } = placeOf(file, label);
  if (restore.includes(reference)) return "The config names them already: `pulumi up` makes the stack agree.";
  const line =
    configPath === undefined
      ? `restore: ["${reference}"]   (in the policy of this package)`
      : `pulumi config set --path '${configPath}.restore[${restore.length}]' ${reference}`;
  return `To make the stack agree, and to keep these images:\n  ${line}\nand \`pulumi up\`.`;
}

function tagsOf(deleted: Readonly<Record<string, DeletedImages>>, digest: string): string[] {
  const prefix = digestPrefix(digest);
  const tags = Object.values(deleted).flatMap(({ tags }) => Object.entries(tags).filter(([, image]) => image === prefix));
  return [...new Set(tags.map(([tag]) => tag))];
}

function references({ plan, tag, digest, since }: Options): Reference[] {
  return Object.entries({ plan, tag, digest, since }).flatMap(([kind, value]) =>
    value === undefined ? [] : [{ kind, value } as Reference],
  );
}

function referenceOf(options: Options): Reference {
  const [reference, ...others] = references(options);
  if (reference === undefined || others.length > 0) throw new Error("expected one of --plan, --tag, --digest and --since, or --list");
  if (reference.kind === "digest" && !/^sha\d+:[0-9a-f]{4,}$/.test(reference.value))
    throw new Error(`--digest ${reference.value}: expected a digest such as sha256:4731c7fbd52e, or the whole of it`);
  if (reference.kind === "since" && Number.isNaN(Date.parse(reference.value)))
    throw new Error(`--since ${reference.value}: expected a time such as 2026-11-23T09:30:00Z`);
  return reference;
}

/** The place of a policy in the config, and what its `restore` holds. A policy that a program declares has no place there. */
function placeOf(file: StackFile, name: string): { readonly configPath?: string; readonly restore: readonly string[] } {
  try {
    const { configPath, policy } = findPolicy(file, name);
    return { configPath, restore: policy.restore ?? [] };
  } catch {
    return { restore: [] };
  }
}
