import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { owner } from "./preview";
import type { SandboxProcess } from "./sandbox-process";
import { rules } from "./world";

const repository = dirname(require.resolve("ghcr-retention/package.json"));
const stackName = "bench";

/** A stack on the real engine that runs the program of this repository. */
export class BenchStack {
  private constructor(
    readonly folder: string,
    readonly sandbox: SandboxProcess,
  ) {}

  static async create(sandbox: SandboxProcess): Promise<BenchStack> {
    const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-bench-stack-"));
    const stack = new BenchStack(folder, sandbox);
    await mkdir(join(folder, "state"));
    await cp(join(repository, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    await stack.run(["stack", "init", stackName], folder);
    await rm(stack.configFile, { force: true });
    return stack;
  }

  get configFile(): string {
    return join(this.folder, `Pulumi.${stackName}.yaml`);
  }

  async configure(policies: readonly object[], config: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { githubApiUrl, registryUrl } = this.sandbox.addresses;
    const all = {
      "ghcr-retention:githubApiUrl": githubApiUrl,
      "ghcr-retention:registryUrl": registryUrl,
      "ghcr-retention:cacheDir": join(this.folder, "cache"),
      "ghcr-retention:policies": policies,
      ...config,
    };
    await writeFile(this.configFile, JSON.stringify({ config: all }));
  }

  /** Runs a command of the engine and returns its output. */
  engine(command: string, ...args: string[]): Promise<string> {
    return this.run([command, ...args, "--stack", stackName, "--config-file", this.configFile], repository);
  }

  async state(): Promise<unknown> {
    return JSON.parse(await this.run(["stack", "export", "--stack", stackName], this.folder));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private run(args: readonly string[], cwd: string): Promise<string> {
    const env = {
      ...process.env,
      GITHUB_TOKEN: this.sandbox.addresses.token,
      PULUMI_BACKEND_URL: String(pathToFileURL(join(this.folder, "state"))),
    };
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      all += text;
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => (code === 0 ? resolve(stdout) : reject(new Error(`pulumi ${args[0]} ended with ${code}:\n${all}`))));
    });
  }
}

/** The time that packages add to a preview. */
export interface Added {
  readonly milliseconds: number;
  /** The time of the program without a package. */
  readonly empty: number;
}

const rounds = 3;

/**
 * Measures how much longer a cold preview of the packages takes than one of the same program without any. The shortest time
 * comes first: other work on the host only adds to it.
 */
export async function addedByPreviews(sandbox: SandboxProcess, names: readonly string[]): Promise<[Added, ...Added[]]> {
  const added: Added[] = [];
  for (let round = 0; round < rounds; round++) added.push(await addedByPreview(sandbox, names));
  return added.sort((a, b) => a.milliseconds - b.milliseconds) as [Added, ...Added[]];
}

async function addedByPreview(sandbox: SandboxProcess, names: readonly string[]): Promise<Added> {
  const stack = await BenchStack.create(sandbox);
  const timed = async () => {
    const start = performance.now();
    await stack.engine("preview");
    return performance.now() - start;
  };
  try {
    await stack.configure([]);
    // The very first run fills the disk cache.
    await timed();
    const empty = await timed();
    await stack.configure(names.map((name) => ({ owner, package: name, rules, limits: { deletions: 1_000_000 } })));
    return { milliseconds: (await timed()) - empty, empty };
  } finally {
    await stack.remove();
  }
}
