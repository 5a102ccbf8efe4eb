import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import type { Sandbox } from "../../../sandbox";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";

const root = join(__dirname, "..", "..", "..");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Pulumi project as the reader of a guide has one, with a stack `dev` that talks to the sandbox. */
export class Project {
  private constructor(
    readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async create({ githubApiUrl, registryUrl, token }: Sandbox): Promise<Project> {
    mkdirSync(join(root, ".demo"), { recursive: true });
    // The program finds this package by its name, so it lies in the repository.
    const folder = mkdtempSync(join(root, ".demo", "guide-"));
    copyFileSync(join(__dirname, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    copyFileSync(join(root, "index.ts"), join(folder, "index.ts"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: join(relative(folder, root), "tsconfig.json") }));
    symlinkSync(join(root, "policies"), join(folder, "policies"));
    for (const name of ["state", "path"]) mkdirSync(join(folder, name));
    // What npx would run, without asking a registry for it.
    const npx = join(folder, "path", "npx");
    const command = join(root, "bin", "components", "command-line", "main.js");
    writeFileSync(npx, `#!/bin/sh\n[ "$1" = ghcr-retention ] || exit 127\nshift\nexec "${process.execPath}" "${command}" "$@"\n`);
    chmodSync(npx, 0o755);
    const isolated = await isolatedEnvironment();
    const project = new Project(folder, {
      ...isolated,
      PATH: [join(folder, "path"), isolated.PATH].join(delimiter),
      NO_COLOR: "1",
      GITHUB_TOKEN: token,
      GHCR_RETENTION_CACHE: join(folder, "cache"),
      PULUMI_BACKEND_URL: String(pathToFileURL(join(folder, "state"))),
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    });
    const servers = [`githubApiUrl: ${githubApiUrl}`, `registryUrl: ${registryUrl}`, "deletionsPerMinute: 60000"];
    writeFileSync(join(folder, "Pulumi.dev.yaml"), ["config:", ...servers.map((line) => `  ghcr-retention:${line}`), ""].join("\n"));
    return project;
  }

  get configFile(): string {
    return join(this.folder, "Pulumi.dev.yaml");
  }

  /** Runs a block of a guide as a shell takes it. */
  async run(block: string): Promise<Ran> {
    const child = spawn("sh", ["-e", "-c", block], { cwd: this.folder, env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  }

  /** The same, where it is to succeed: what it said. */
  async done(block: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(block);
    assert.equal(code, 0, stdout + stderr);
    return stdout + stderr;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
