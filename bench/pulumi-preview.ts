import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { owner } from "./preview";
import type { SandboxProcess } from "./sandbox-process";
import { rules } from "./world";

export const repository = dirname(require.resolve("ghcr-retention/package.json"));
const stackName = "bench";

/** A stack on the real engine that runs the program of this repository. */
export class BenchStack {
  private constructor(
    readonly folder: string,
    readonly sandbox: SandboxProcess,
    readonly program: string,
  ) {}

  /** `program`: the folder of another project. */
  static async create(sandbox: SandboxProcess, program = repository): Promise<BenchStack> {
    const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-bench-stack-"));
    const stack = new BenchStack(folder, sandbox, program);
    await mkdir(join(folder, "state"));
    await cp(join(program, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    await stack.run(["stack", "init", stackName], folder);
    await rm(stack.configFile, { force: true });
    return stack;
  }

  get configFile(): string {
    return join(this.folder, `Pulumi.${stackName}.yaml`);
  }

  get cacheFolder(): string {
    return join(this.folder, "cache");
  }

  async configure(policies: readonly object[], config: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { githubApiUrl, registryUrl } = this.sandbox.addresses;
    const all = {
      "ghcr-retention:githubApiUrl": githubApiUrl,
      "ghcr-retention:registryUrl": registryUrl,
      "ghcr-retention:cacheDir": this.cacheFolder,
      "ghcr-retention:policies": policies,
      ...config,
    };
    await writeFile(this.configFile, JSON.stringify({ config: all }));
  }

  /** Runs a command of the engine and returns its output. */
  engine(command: string, ...args: string[]): Promise<string> {
    return this.run([command, ...args, "--stack", stackName, "--config-file", this.configFile], this.program);
  }

  /** The sum of the largest resident sets of a preview's program and provider, in MB. */
  async memoryOfPreview(): Promise<number> {
    const peaks = join(this.folder, "peaks");
    await mkdir(peaks);
    const preload = `${process.env.NODE_OPTIONS ?? ""} --require ${join(__dirname, "peak-memory.js")}`;
    const where = ["--stack", stackName, "--config-file", this.configFile];
    await this.run(["preview", ...where], this.program, { NODE_OPTIONS: preload, PEAK_MEMORY: peaks });
    const files = await readdir(peaks);
    const megabytes = await Promise.all(files.map(async (file) => Number(await readFile(join(peaks, file), "utf8"))));
    await rm(peaks, { recursive: true });
    return megabytes.reduce((sum, one) => sum + one, 0);
  }

  async state(): Promise<unknown> {
    return JSON.parse(await this.run(["stack", "export", "--stack", stackName], this.folder));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private run(args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = {
      ...process.env,
      ...more,
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
