import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Sandbox } from "../../../sandbox";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";
import { start } from "../engine/started";
import { writeProject } from "../packaging/project";

const run = promisify(execFile);
const root = join(__dirname, "..", "..", "..");

/** A person's shell, with an empty home: what one block exports, the next one has. */
export class Shell {
  readonly #exports: string[] = [];

  constructor(
    readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Runs a block of a guide as it is written, where it is to succeed; what it said. */
  async done(block: string): Promise<string> {
    const lines = block.split("\n");
    const { exitCode, output } = await start("sh", ["-e", "-c", [...this.#exports, ...lines].join("\n")], {
      cwd: this.folder,
      env: this.env,
    }).ended;
    assert.equal(exitCode, 0, `${block}\n${output}`);
    this.#exports.push(...lines.filter((line) => line.startsWith("export ")));
    return output;
  }
}

/** A fresh clone, and an empty folder beside it. The sandbox takes the place of GHCR. */
export class FreshClone {
  private constructor(
    readonly folder: string,
    readonly clone: Shell,
    readonly project: Shell,
  ) {}

  static async create({ githubApiUrl, registryUrl, token }: Sandbox): Promise<FreshClone> {
    const folder = mkdtempSync(join(tmpdir(), "fresh-clone-"));
    const [clone = "", project = "", home = ""] = ["ghcr-retention", "retention", "home"].map((name) => join(folder, name));
    for (const path of [clone, project, home]) mkdirSync(path);
    await copyClone(clone);
    // Settings that no reader has: the sandbox, and answers for a person at a terminal.
    const servers = [`githubApiUrl: ${githubApiUrl}`, `registryUrl: ${registryUrl}`, "deletionsPerMinute: 60000"];
    writeFileSync(join(project, "Pulumi.dev.yaml"), ["config:", ...servers.map((line) => `  ghcr-retention:${line}`), ""].join("\n"));
    const { PATH } = await isolatedEnvironment();
    const { stdout: cache } = await run("npm", ["config", "get", "cache"]);
    const env = {
      PATH,
      HOME: home,
      NO_COLOR: "1",
      GITHUB_TOKEN: token,
      PULUMI_SKIP_CONFIRMATIONS: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      npm_config_cache: cache.trim(),
      npm_config_prefer_offline: "true",
      npm_config_ignore_scripts: String(!process.env.LONG),
    };
    return new FreshClone(folder, new Shell(clone, env), new Shell(project, env));
  }

  /** Writes a lock beside the tarballs, so that npm finds every package in its cache. */
  async lock(...tarballs: readonly string[]): Promise<void> {
    if (process.env.LONG) return;
    await writeProject(
      this.project.folder,
      tarballs.map((name) => join(this.clone.folder, name)),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * The files that git has or would add, and the dependencies, whose installation takes a minute. What is compiled is copied as well, but
 * for the long tests, in which the clone compiles itself.
 */
async function copyClone(clone: string): Promise<void> {
  const { stdout } = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root, maxBuffer: 1 << 26 });
  const files = stdout.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
  // By their times the set-up knows whether they are compiled.
  await run("cp", ["--archive", "--parents", ...files, ...(process.env.LONG ? [] : ["bin"]), clone], { cwd: root });
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
}
