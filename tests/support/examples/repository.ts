import { execFile } from "node:child_process";
import { access, chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { z } from "zod";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";
import { start } from "../engine/started";
import { writeProject } from "../packaging/project";
import { type Context, filled, holds, type Job, readWorkflow, type Step } from "./workflow";

const run = promisify(execFile);
const root = join(__dirname, "..", "..", "..");

const GitHub = z.object({
  comments: z.array(z.looseObject({ id: z.number(), issue: z.number(), body: z.string() })),
  pulls: z.array(
    z.looseObject({
      number: z.number(),
      title: z.string().optional(),
      body: z.string().optional(),
      head: z.looseObject({ ref: z.string(), sha: z.string().optional() }),
      merged: z.string().optional(),
    }),
  ),
  runs: z.array(z.object({ databaseId: z.number(), workflow: z.string(), commit: z.string() })),
  calls: z.array(z.string()),
});
export type GitHub = z.output<typeof GitHub>;

export interface Event {
  readonly workflow: string;
  /** What is checked out. */
  readonly ref: string;
  readonly context: Context;
}

export interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/** A team's repository on a GitHub that is a folder: a remote, what `gh` knows, and the artifacts of runs. */
export class Repository {
  readonly #remote: string;
  readonly #home: string;
  #runs = 0;
  #said = "";
  /** Where the first `npm ci` put everything. */
  #modules: string | undefined;

  private constructor(
    readonly folder: string,
    readonly env: NodeJS.ProcessEnv,
  ) {
    this.#remote = join(folder, "remote.git");
    this.#home = join(folder, "github");
  }

  /** With a stack `prod`, and a program and a config in `main`. `tarballs`: what `npm ci` is to install. */
  static async create(config: Readonly<Record<string, unknown>>, tarballs: readonly string[]): Promise<Repository> {
    const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-team-"));
    const { GITHUB_TOKEN: _token, CI: _ci, ...isolated } = await isolatedEnvironment();
    const env = {
      ...isolated,
      NO_COLOR: "1",
      PATH: [join(__dirname, "stand-in"), isolated.PATH].join(delimiter),
      PULUMI_BACKEND_URL: String(pathToFileURL(join(folder, "state"))),
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
    };
    const repository = new Repository(folder, env);
    await mkdir(join(folder, "state"));
    await mkdir(join(repository.#home, "artifacts"), { recursive: true });
    await repository.#write({ comments: [], pulls: [], runs: [], calls: [] });
    await run("git", ["init", "--quiet", "--bare", "--initial-branch", "main", repository.#remote], { env });
    // Who pushes needs the right to write contents.
    const hook = join(repository.#remote, "hooks", "pre-receive");
    await writeFile(hook, `#!/bin/sh\ncase "$STAND_IN_PERMISSIONS" in *'"contents":"write"'*) ;; *) echo "403" >&2; exit 1;; esac\n`);
    await chmod(hook, 0o755);
    await repository.edit("main", "Begin", async (clone) => {
      await writeProject(clone, tarballs);
      await cp(join(__dirname, "..", "guides", "Pulumi.yaml"), join(clone, "Pulumi.yaml"));
      await cp(join(root, "index.ts"), join(clone, "index.ts"));
      await writeFile(join(clone, ".gitignore"), "node_modules\n");
      await run("pulumi", ["stack", "init", "prod"], { cwd: clone, env });
      const path = join(clone, "Pulumi.prod.yaml");
      await writeFile(path, `${await readFile(path, "utf8")}\n# The platform team decides what may go.\n${stringify({ config })}`);
    });
    return repository;
  }

  async github(): Promise<GitHub> {
    return GitHub.parse(JSON.parse(await readFile(join(this.#home, "github.json"), "utf8")));
  }

  async #write(github: GitHub): Promise<void> {
    await writeFile(join(this.#home, "github.json"), JSON.stringify(github));
  }

  /** A person's commit on a branch, which begins at `main` where it is new; its hash. */
  async edit(branch: string, message: string, change: (clone: string) => Promise<void>): Promise<string> {
    const clone = await this.#clone();
    const git = (...args: string[]) => this.#git(clone, ...args);
    if (branch !== "main") await git("switch", "--quiet", branch).catch(() => git("switch", "--quiet", "--create", branch));
    await change(clone);
    await git("add", "--all");
    await git("commit", "--quiet", "--message", message);
    await git("push", "--quiet", "origin", branch);
    return (await git("rev-parse", "HEAD")).trim();
  }

  /** A pull request of a branch; its number. */
  async open(branch: string): Promise<number> {
    const github = await this.github();
    const number = github.pulls.length + 1;
    await this.#write({ ...github, pulls: [...github.pulls, { number, head: { ref: branch } }] });
    return number;
  }

  /** As the green button does: `main` gets the branch. */
  async merge(number: number): Promise<string> {
    const github = await this.github();
    const pull = github.pulls.find((one) => one.number === number);
    if (pull === undefined) throw new Error(`no pull request ${number}`);
    const clone = await this.#clone();
    await this.#git(clone, "merge", "--quiet", "--no-ff", "--message", `Merge ${number}`, `origin/${pull.head.ref}`);
    await this.#git(clone, "push", "--quiet", "origin", "main");
    const merged = (await this.#git(clone, "rev-parse", "HEAD")).trim();
    Object.assign(pull, { merged, head: { ...pull.head, sha: await this.commitOf(pull.head.ref) } });
    await this.#write(github);
    return merged;
  }

  async commitOf(branch: string): Promise<string> {
    return (await this.#git(this.#remote, "rev-parse", branch)).trim();
  }

  async fileOn(branch: string, path: string): Promise<string> {
    return this.#git(this.#remote, "show", `${branch}:${path}`);
  }

  /** Runs every job of a workflow, each in a clone of its own, as its runner would. */
  async runs({ workflow, ref, context }: Event): Promise<Readonly<Record<string, Ended>>> {
    const id = ++this.#runs;
    const { env, jobs } = readWorkflow(workflow);
    const ended: Record<string, Ended> = {};
    for (const [name, job] of Object.entries(jobs)) {
      const results = Object.keys(jobs).map((key) => [`needs.${key}.result`, ended[key] === undefined ? "skipped" : "ended"]);
      if (job.if !== undefined && !holds(job.if, { ...context, ...Object.fromEntries(results) })) continue;
      const clone = await this.#clone(ref);
      const one = await this.#job(job, clone, id, env, { ...context, "github.workspace": clone });
      this.#said = one.output;
      ended[name] = one;
    }
    const github = await this.github();
    github.runs.push({ databaseId: id, workflow, commit: await this.commitOf(ref) });
    await this.#write(github);
    return ended;
  }

  async #job(job: Job, clone: string, id: number, env: Readonly<Record<string, string>>, given: Context): Promise<Ended> {
    const context: Record<string, string | undefined> = { ...given, "github.token": "token-of-the-job" };
    let output = "";
    for (const step of job.steps) {
      if (step.if !== undefined && !holds(step.if, context)) continue;
      if (step.uses !== undefined) await this.#action(step, clone, id);
      if (step.run === undefined) continue;
      const told = join(this.folder, `output-${id}`);
      await writeFile(told, "");
      const own = Object.fromEntries(Object.entries({ ...env, ...step.env }).map(([key, value]) => [key, filled(value, context)]));
      const ended = await this.#shell(step.run, clone, {
        ...this.env,
        CI: "true",
        GITHUB_REPOSITORY: "acme/registry",
        GITHUB_SHA: (await this.#git(clone, "rev-parse", "HEAD")).trim(),
        GITHUB_REF_NAME: "main",
        GITHUB_OUTPUT: told,
        GITHUB_STEP_SUMMARY: join(this.folder, `summary-${id}`),
        STAND_IN_GITHUB: this.#home,
        STAND_IN_PERMISSIONS: JSON.stringify(job.permissions),
        ...own,
      });
      output += ended.output;
      if (ended.exitCode !== 0) return { exitCode: ended.exitCode, output };
      for (const [, key, value] of (await readFile(told, "utf8")).matchAll(/^([a-z]+)=(.*)$/gm))
        context[`steps.${step.id}.outputs.${key}`] = value;
    }
    return { exitCode: 0, output };
  }

  /** What the actions do that hand files on; the others make ready what is ready here. */
  async #action({ uses = "", with: { name = "", path = ".", "if-no-files-found": missing } }: Step, clone: string, id: number) {
    const artifact = join(this.#home, "artifacts", String(id), name);
    if (uses.startsWith("actions/upload-artifact@")) {
      const there = await access(join(clone, path)).then(
        () => true,
        () => false,
      );
      if (!there && missing !== "ignore") throw new Error(`no ${path} to upload`);
      if (there) await cp(join(clone, path), join(artifact, path), { recursive: true });
    }
    if (!uses.startsWith("actions/download-artifact@")) return;
    await cp(artifact, clone, { recursive: true }).catch(() => {
      throw new Error(`no artifact ${name}: the job before said\n${this.#said}`);
    });
  }

  /** `npm ci` takes six seconds each time, so the first one does it for all. */
  async #shell(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
    const isInstall = script.startsWith("npm ci");
    if (isInstall && this.#modules !== undefined) {
      await symlink(this.#modules, join(cwd, "node_modules"));
      return { exitCode: 0, output: "" };
    }
    const file = join(this.folder, "step.sh");
    await writeFile(file, script);
    const { exitCode, output } = await start("bash", ["-e", file], { cwd, env }).ended;
    if (isInstall && exitCode === 0) this.#modules = join(cwd, "node_modules");
    return { exitCode, output };
  }

  async #clone(ref = "main"): Promise<string> {
    const folder = await mkdtemp(join(this.folder, "clone-"));
    await run("git", ["clone", "--quiet", this.#remote, folder], { env: this.env });
    await this.#git(folder, "config", "user.name", "A person");
    await this.#git(folder, "config", "user.email", "person@example.com");
    await this.#git(folder, "checkout", "--quiet", ref).catch(() => undefined);
    return folder;
  }

  async #git(cwd: string, ...args: string[]): Promise<string> {
    const env = { ...this.env, STAND_IN_PERMISSIONS: '{"contents":"write"}' };
    return (await run("git", args, { cwd, env })).stdout;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
