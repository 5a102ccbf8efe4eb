import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Contender, medians } from "../contest";
import { owner } from "../preview";
import { BenchStack, repository } from "../pulumi-preview";
import type { Row } from "../row";
import type { SandboxProcess } from "../sandbox-process";
import { taggedPackage, taggedRules } from "../tagged-package";
import { latency } from "./one-package";

const run = promisify(execFile);
const name = "tagged";

/** Folders of what this build is compared with. */
export interface OtherTools {
  /** Another build of this repository, with its dependencies, compiled. */
  readonly earlier?: string | undefined;
  /** A checkout of dataaxiom/ghcr-cleanup-action. */
  readonly peer?: string | undefined;
}

/** Measures previews of one package by the engine, as whole processes, against programs that declare nothing and other tools. */
export async function measureEngine(sandbox: SandboxProcess, { earlier, peer }: OtherTools, rounds: number): Promise<Row[]> {
  await sandbox.setLatency(0);
  await sandbox.seed(`${owner}/${name}`, taggedPackage());
  await sandbox.setLatency(latency);
  const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-bench-programs-"));
  const stacks: BenchStack[] = [];
  const stackOf = async (program: string) => {
    const stack = await BenchStack.create(sandbox, program);
    await stack.configure([{ owner, package: name, rules: taggedRules, limits: { deletions: 1_000_000, percent: 100 } }]);
    stacks.push(stack);
    return stack;
  };
  try {
    const own = await stackOf(repository);
    const updated = await stackOf(repository);
    const before = earlier === undefined ? undefined : await stackOf(earlier);
    const emptyJavaScript = await stackOf(await writeProgram(folder, "index.js", "", { typescript: false }));
    const emptyTypeScript = await stackOf(await writeProgram(folder, "index.ts", "export {};\n", {}));
    await updated.engine("up", "--yes", "--skip-preview");
    const pack = await writePolicyPack(
      folder,
      "policies",
      `require(${JSON.stringify(join(repository, "bin", "policies", "index.js"))});\n`,
    );
    const emptyPack = await writePolicyPack(folder, "no-policies", emptyPackText);
    const preview = (name: string, stack: BenchStack, ...args: string[]): Contender => ({
      name,
      run: () => stack.engine("preview", ...args),
    });
    const cold = (name: string, stack: BenchStack): Contender => ({
      ...preview(name, stack),
      before: () => rm(stack.cacheFolder, { recursive: true, force: true }),
    });
    const time = await medians(
      [
        preview("empty JavaScript", emptyJavaScript),
        preview("empty TypeScript", emptyTypeScript),
        cold("cold", own),
        preview("warm", own),
        preview("with the policy pack", own, "--policy-pack", pack),
        preview("with an empty policy pack", own, "--policy-pack", emptyPack),
        ...(before === undefined ? [] : [cold("earlier, cold", before), preview("earlier, warm", before)]),
        ...(peer === undefined ? [] : [{ name: "peer", run: () => dryRun(sandbox, peer, folder) }]),
        preview("updated", updated),
        { name: "up", run: () => updated.engine("up", "--yes", "--skip-preview") },
      ],
      rounds,
    );
    const memory = [await own.memoryOfPreview(), await before?.memoryOfPreview()] as const;
    return rowsOf(time, memory, peer !== undefined);
  } finally {
    for (const stack of stacks) await stack.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

function rowsOf(time: (name: string) => number, [memory, memoryBefore]: readonly [number, number | undefined], withPeer: boolean): Row[] {
  const row = (work: string, measured: string, bound: string, goal: number, of: string): Row => {
    return { work: `\`pulumi ${work}`, measured: time(measured), bound: time(bound), unit: "ms", goal, of };
  };
  const share = {
    work: "the policy pack's share of a preview",
    measured: time("with the policy pack") - time("warm"),
    unit: "ms",
  } as const;
  const size = `one package, V=1,000, ${latency} ms`;
  const [warm, cold] = [`preview\`, ${size}, warm`, `preview\`, ${size}, cold`];
  return [
    row(warm, "warm", "empty JavaScript", 2.2, "an empty program of JavaScript"),
    row(cold, "cold", "empty JavaScript", 2.9, "an empty program of JavaScript"),
    row(warm, "warm", "empty TypeScript", 1.2, "an empty program of TypeScript"),
    ...(memoryBefore === undefined
      ? []
      : [
          row(warm, "warm", "earlier, warm", 0.5, "the earlier build"),
          row(cold, "cold", "earlier, cold", 0.55, "the earlier build"),
          {
            work: `\`pulumi ${warm}: program and provider`,
            measured: memory,
            bound: memoryBefore,
            unit: "MB",
            goal: 0.7,
            of: "the earlier build",
          } as const,
        ]),
    ...(withPeer
      ? [row(warm, "warm", "peer", 0.6, "the peer's dry run"), row(cold, "cold", "peer", 0.8, "the peer's dry run, which keeps no cache")]
      : []),
    row("up` that deletes nothing", "up", "updated", 1.3, "its preview"),
    { ...share, bound: 600, goal: 1, of: "0.6 s" },
    { ...share, bound: time("with an empty policy pack") - time("warm"), goal: 1.2, of: "a policy pack without policies" },
  ];
}

async function writeProgram(folder: string, main: string, text: string, options: object): Promise<string> {
  const program = join(folder, main.replace(".", "-"));
  await mkdir(program);
  await symlink(join(repository, "node_modules"), join(program, "node_modules"));
  await writeFile(join(program, main), text);
  await writeFile(join(program, "Pulumi.yaml"), JSON.stringify({ name: "empty", main, runtime: { name: "nodejs", options } }));
  return program;
}

const emptyPackText = 'const { PolicyPack } = require("@pulumi/policy");\nnew PolicyPack("no-policies", { policies: [] });\n';

/** Writes a pack of compiled code, which is what users install. */
async function writePolicyPack(folder: string, name: string, text: string): Promise<string> {
  const pack = join(folder, name);
  await mkdir(pack);
  await symlink(join(repository, "node_modules"), join(pack, "node_modules"));
  await writeFile(join(pack, "index.js"), text);
  await writeFile(join(pack, "package.json"), JSON.stringify({ name, version: "0.1.0", main: "index.js" }));
  await writeFile(join(pack, "PulumiPolicy.yaml"), JSON.stringify({ runtime: "nodejs" }));
  return pack;
}

/** The same rules as the peer has them. */
async function dryRun({ addresses }: SandboxProcess, peer: string, folder: string): Promise<void> {
  const inputs = {
    token: addresses.token,
    owner,
    package: name,
    "delete-tags": "pr-*",
    "delete-untagged": "true",
    "older-than": "14 days",
    "dry-run": "true",
    "registry-url": `${addresses.registryUrl}/`,
    "github-api-url": addresses.githubApiUrl,
  };
  const summary = join(folder, "summary.md");
  await writeFile(summary, "");
  const given = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]));
  const env = { ...process.env, ...given, GITHUB_REPOSITORY: `${owner}/${name}`, GITHUB_STEP_SUMMARY: summary };
  await run(process.execPath, [join(peer, "dist", "index.js")], { env, maxBuffer: 2 ** 26 });
}
