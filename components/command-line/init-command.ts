import { Command } from "commander";
import pLimit from "p-limit";
import { requireCommandToken } from "../config/token";
import { policyOfEntry } from "../config-file/entry-policy";
import type { Graph } from "../graph/graph";
import { connect } from "../inventory/connection";
import { listPackages } from "../inventory/github/list-packages";
import { count } from "../messages/plurals";
import { observeForPolicy } from "../observe/observe-policy";
import { selectMembers } from "../observe/organization";
import { ObserveProgress } from "../observe/progress";
import { propose } from "../proposal/propose";
import { isTextPattern } from "../rules/text-pattern";
import { ConfigTarget, type TargetOptions } from "./config-target";
import { type InitReport, proposalsAsJson } from "./init-json";
import { createProject } from "./new-project";
import { orReason } from "./or-reason";
import { proposeForOrganization } from "./propose-for-organization";
import { configFileOption, stackOption } from "./workspace";

interface Options extends TargetOptions {
  readonly owner: string;
  readonly packages: string;
  readonly new?: true;
  readonly organization?: true;
  readonly json?: true;
}

/** The maximum number of packages in memory at once. */
const concurrency = 8;

/** `ghcr-retention init`: proposes a policy for each package of an owner. It only reads. */
export function initCommand(): Command {
  return new Command("init")
    .description(
      "Observes an owner's packages and writes a first policy for each into the stack's config, with the reason for every rule. Deletes nothing.",
    )
    .requiredOption("-o, --owner <name>", "the GitHub user or organisation")
    .option("-p, --packages <names>", 'names or patterns with commas between: "app,team/*,!team/old"', "*")
    .option(...stackOption)
    .option(...configFileOption)
    .option("--output <file>", "another file to write to, or `-` to print")
    .option("--organization", "one policy for all of the packages, and for those that appear later, instead of one for each")
    .option("--json", "print the policies with the reason of each rule as JSON; write nothing")
    .option("--new", "make this folder a Pulumi project first: its program, its dependencies and the stack")
    .action(run);
}

async function run({ owner, packages, json, ...options }: Options): Promise<void> {
  if (json && (options.new || options.output !== undefined))
    throw new Error("--json writes nothing: expected it without --new and --output");
  const token = requireCommandToken("this command");
  const unfinished = options.new ? createProject(process.cwd(), options.stack ?? "dev") : [];
  const target = new ConfigTarget(options, unfinished);
  const connection = connect(target.endpoints, token, undefined, log);
  const selection = { packages: patternsIn(packages) };
  const { names } = await selectMembers(selection, () => listPackages(connection.github, owner));
  if (names.length === 0) throw new Error(`${owner} has no container package that ${packages} fits`);

  const progress = new ObserveProgress({ log, logged: !process.stderr.isTTY });
  const kept: InitReport["kept"][number][] = [];
  const failed: InitReport["failed"][number][] = [];
  const print = (proposed: InitReport["proposed"]) => void process.stdout.write(proposalsAsJson({ owner, proposed, kept, failed }));
  if (options.organization) {
    const free = names.filter((name) => !hasPolicy(name));
    const taken = names.filter((name) => !free.includes(name));
    const proposed = await proposeForOrganization(
      { owner, patterns: selection.packages, names: free, taken },
      { connection, defaults: target.defaults, progress, concurrency, leaveOut },
    );
    if (json) return print(proposed);
    return proposed === undefined ? target.add([]) : target.add([proposed.entry], [proposed.ruleSet]);
  }
  const limit = pLimit(concurrency);
  const found = await Promise.all(names.map((name) => limit(() => proposalFor(name))));
  const proposals = found.flatMap((proposal) => proposal ?? []);
  if (json) return print(proposals);
  target.add(proposals.map(({ entry }) => entry));

  async function proposalFor(name: string) {
    if (hasPolicy(name)) return undefined;
    const proposed = await orReason(async () => {
      const { defaults } = target;
      const policyFor = (graph: Graph) => policyOfEntry(propose(graph, defaults).entry, name, defaults.shared);
      return propose(await observeForPolicy(connection, { owner, name }, { policy: policyFor, progress }), defaults);
    });
    if ("reason" in proposed) return leaveOut(name, proposed.reason);
    const { entry, plan } = proposed;
    log(
      `${owner}/${name}: ${count(entry.rules.length, "rule")}; today's plan would delete ${plan.versions} of ${count(plan.total, "version")}`,
    );
    return proposed;
  }

  function hasPolicy(name: string): boolean {
    const path = target.pathOf(owner, name);
    if (path === undefined) return false;
    kept.push({ package: `${owner}/${name}`, policyAt: path });
    log(`${owner}/${name}: has a policy at ${path}, which stays as it is`);
    return true;
  }

  function leaveOut(name: string, reason: string): undefined {
    process.exitCode = 1;
    failed.push({ package: `${owner}/${name}`, reason });
    return log(`${owner}/${name}: no policy is proposed: ${reason}`);
  }
}

function patternsIn(text: string): string[] {
  const patterns = text
    .split(",")
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "");
  const wrong = patterns.find((pattern) => !isTextPattern(pattern.replace(/^!/, "")));
  if (patterns.length === 0 || wrong !== undefined)
    throw new Error(`--packages: expected names or patterns such as "app,team/*", not "${wrong ?? text}"`);
  return patterns.every((pattern) => pattern.startsWith("!")) ? ["*", ...patterns] : patterns;
}

function log(text: string): undefined {
  process.stderr.write(`${text}\n`);
}
