import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { LoggedRequest, SeedVersion } from "../sandbox";
import { type BenchVersion, now, seedOf } from "./world";

const Addresses = z.object({ githubApiUrl: z.string(), registryUrl: z.string(), token: z.string() });
type Addresses = z.output<typeof Addresses>;

const seedsPerRequest = 20_000;

/** A sandbox in a process of its own, so that it does not share the event loop of the measured code. */
export class SandboxProcess {
  private constructor(
    readonly addresses: Addresses,
    readonly process: ChildProcess,
  ) {}

  static async start(): Promise<SandboxProcess> {
    const child = spawn(process.execPath, [join(__dirname, "..", "sandbox", "main.js"), "--now", now], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    process.once("exit", () => child.kill());
    for await (const line of createInterface({ input: child.stdout })) {
      return new SandboxProcess(Addresses.parse(JSON.parse(line)), child);
    }
    throw new Error("the sandbox did not start");
  }

  stop(): void {
    this.process.kill();
  }

  async seed(repository: string, versions: readonly BenchVersion[]): Promise<void> {
    for (let from = 0; from < versions.length; from += seedsPerRequest) {
      const seeds: SeedVersion[] = versions.slice(from, from + seedsPerRequest).map((version) => seedOf(repository, version));
      await this.control("POST", "seed", { versions: seeds });
    }
  }

  async setLatency(milliseconds: number): Promise<void> {
    await this.control("POST", "latency", { ms: milliseconds });
  }

  /** Returns the requests since the last call. */
  async takeRequests(): Promise<LoggedRequest[]> {
    const requests = (await this.control("GET", "requests")) as LoggedRequest[];
    await this.control("DELETE", "requests");
    return requests;
  }

  async control(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.addresses.registryUrl}/_sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${method} ${path}: ${await response.text()}`);
    const text = await response.text();
    return text === "" ? undefined : JSON.parse(text);
  }
}

export interface RequestCounts {
  readonly all: number;
  readonly api: number;
  readonly manifests: number;
  /** Pages that GitHub confirmed as unchanged by their ETag. */
  readonly confirmed: number;
}

export function countRequests(requests: readonly LoggedRequest[]): RequestCounts {
  const manifests = requests.filter(({ surface, method }) => surface === "registry" && method === "GET").length;
  return {
    all: requests.length,
    api: requests.filter(({ surface }) => surface === "api").length,
    manifests,
    confirmed: requests.filter(({ status }) => status === 304).length,
  };
}
