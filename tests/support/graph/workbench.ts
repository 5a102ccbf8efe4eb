import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Context } from "mocha";
import { type PushTarget, type Sandbox, startSandbox } from "../../../sandbox";
import { toolOrSkip } from "../tools";
import { useFreshStage } from "../use-stage";

/** When everything is pushed, unless a test says otherwise. */
export const pushDay = "2023-12-01T00:00:00Z";

/** A sandbox, and real clients that are signed in to it. */
export class Workbench {
  readonly repository = "logto-io/logto";

  constructor(
    readonly sandbox: Sandbox,
    /** The clients' home and working directory. */
    readonly folder: string,
  ) {
    const auth = Buffer.from(`anyone:${sandbox.token}`).toString("base64");
    this.write("config.json", JSON.stringify({ auths: { [this.host]: { auth } } }));
    this.write("regctl.json", JSON.stringify({ hosts: { [this.host]: { tls: "disabled" } } }));
    this.write("storage.conf", `[storage]\ndriver = "vfs"\nrunroot = "${folder}/run"\ngraphroot = "${folder}/images"\n`);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true });
  }

  get host(): string {
    return new URL(this.sandbox.registryUrl).host;
  }

  get target(): PushTarget {
    return { registryUrl: this.sandbox.registryUrl, token: this.sandbox.token, repository: this.repository };
  }

  /** `HOST/OWNER/NAME:tag` or `…@sha256:…`. */
  reference(to: string): string {
    return `${this.host}/${this.repository}${to.includes(":") ? "@" : ":"}${to}`;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  write(name: string, content: string): string {
    writeFileSync(this.file(name), content);
    return this.file(name);
  }

  /** A client that is ready to run; where it cannot be had, the test is skipped. */
  client(test: Context, name: string, more: NodeJS.ProcessEnv = {}): Client {
    const file = toolOrSkip(test, name);
    return (...args) => this.#run(file, args, more);
  }

  /** As `client`, with something on its standard input. */
  clientWithInput(test: Context, name: string): (input: string, ...args: readonly string[]) => Promise<string> {
    const file = toolOrSkip(test, name);
    return async (input, ...args) => {
      const child = spawn(file, args, { cwd: this.folder, env: this.#env(), stdio: ["pipe", "pipe", "inherit"] });
      const output = text(child.stdout);
      child.stdin.end(input);
      const [code] = await once(child, "close");
      if (code !== 0) throw new Error(`${name} ended with ${code}`);
      return (await output).trim();
    };
  }

  async #run(file: string, args: readonly string[], more: NodeJS.ProcessEnv): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(file, args, { cwd: this.folder, env: { ...this.#env(), ...more } }, (error, stdout) =>
        error ? reject(error) : resolve(stdout.trim()),
      );
    });
  }

  #env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      HOME: this.folder,
      DOCKER_CONFIG: this.folder,
      REGCTL_CONFIG: this.file("regctl.json"),
      REGISTRY_AUTH_FILE: this.file("config.json"),
      CONTAINERS_STORAGE_CONF: this.file("storage.conf"),
      BUILDAH_ISOLATION: "chroot",
      COSIGN_PASSWORD: "",
    };
  }
}

/** Runs a client and returns what it printed. */
export type Client = (...args: readonly string[]) => Promise<string>;

/** A fresh workbench for each test of the block. */
export function useWorkbench(): () => Workbench {
  return useFreshStage(async () => new Workbench(await startSandbox({ now: pushDay }), mkdtempSync(path.join(tmpdir(), "kinds-"))));
}
