import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Sandbox } from "../../../sandbox";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";
import { assertSays, assertSucceeds, diagnosticsOf, planIdIn } from "../engine/output";
import { Stack } from "../engine/stack";
import { PackageWorld, policyFor, small } from "../engine/world";

const run = promisify(execFile);

/** The package that the consumer's program in TypeScript declares. */
export const consumed = "acme/shop";

/** A project in which ghcr-retention is installed, run with a Node of its own. The sandbox holds the package `consumed`. */
export class ConsumerProject {
  constructor(
    readonly sandbox: Sandbox,
    readonly place: string,
    readonly node = process.execPath,
  ) {}

  /** The environment of its engine. */
  async env(): Promise<{ PATH: string }> {
    const { PATH } = await isolatedEnvironment();
    return { PATH: [dirname(this.node), PATH].join(delimiter) };
  }

  /** Writes the consumer's scripts and its program in TypeScript. */
  writeProgram(): Promise<void> {
    return cp(join(__dirname, "consumer"), this.place, { recursive: true });
  }

  /** Runs the consumer's scripts, its program in TypeScript, and the program of one line from its plan to its apply. */
  async works(): Promise<void> {
    await this.writeProgram();
    const env = await this.env();
    for (const script of ["require.cjs", "import.mjs"]) {
      assertSays((await run(this.node, [script], { cwd: this.place, env: { ...process.env, ...env } })).stdout, "RetentionPolicy");
    }
    const [owner, name] = consumed.split("/");
    const config = { "consumer:owner": owner, "consumer:package": name };
    const stack = await Stack.create(this.sandbox, { program: this.place, config, env });
    try {
      assertSays(diagnosticsOf(assertSucceeds(await stack.preview()), "policy"), "delete 3 of 6 versions (1 image)");
    } finally {
      await stack.remove();
    }
    await this.applies();
  }

  /** Writes the program that `init --new` writes, in JavaScript. */
  async oneLine(): Promise<string> {
    const program = join(this.place, "one-line");
    await mkdir(program);
    const runtime = { name: "nodejs", options: { typescript: false } };
    await writeFile(join(program, "Pulumi.yaml"), JSON.stringify({ name: "one-line", runtime, main: "retention.js" }));
    await writeFile(join(program, "retention.js"), 'module.exports = require("ghcr-retention/stack");\n');
    return program;
  }

  async applies(): Promise<void> {
    const repository = `acme/${basename(this.place)}`;
    const world = await new PackageWorld(this.sandbox, repository).deploy(small);
    const program = await this.oneLine();
    const stack = await Stack.create(this.sandbox, { program, policies: [policyFor(repository)], env: await this.env() });
    try {
      await stack.approve(planIdIn(assertSucceeds(await stack.preview()), repository));
      assertSucceeds(await stack.up());
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      assertSucceeds(await stack.preview("--expect-no-changes"));
    } finally {
      await stack.remove();
    }
  }
}
