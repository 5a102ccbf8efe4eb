import type { Server } from "node:http";
import { Control, type Controlled } from "./control/answer";
import * as command from "./control/commands";
import { dump, dumpPackage, type PackageState, type SandboxState } from "./control/dump";
import type { FaultCallRequest } from "./faults/active-fault";
import type { FaultRequest } from "./faults/fault";
import { FaultBook, type FaultCount } from "./faults/fault-book";
import { foreignHost } from "./foreign-host";
import { front } from "./front";
import { GitHubApi } from "./github/answer";
import { type Limits, RateLimiter } from "./github/limits";
import { listen, stop } from "./http/listen";
import { type LoggedRequest, RequestLog } from "./http/request-log";
import { Registry } from "./registry/answer";
import { Clock } from "./store/clock";
import { openStore } from "./store/open-store";
import { type SeededVersion, type SeedVersion, seed } from "./store/seeding";
import type { Store } from "./store/store";
import type { SwitchChanges, Switches } from "./store/switches";
import { newToken, type TokenRequest } from "./store/tokens";

export interface SandboxOptions {
  /** Left out: any free one. */
  readonly port?: number;
  /** Where everything is kept across restarts. Left out: in memory. */
  readonly dir?: string;
  /** Virtual time to start at; it stands still then. Left out: real time. */
  readonly now?: string;
  readonly switches?: SwitchChanges;
  /** The text of the all-powerful token. Left out: made up. */
  readonly token?: string;
}

/** What a running sandbox is made of. */
interface Running extends Controlled {
  readonly token: string;
  readonly servers: readonly Server[];
}

/** A GHCR on loopback, in this process. */
export class Sandbox {
  /** Where both the API and the registry are: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The other host that the referrers redirect names: no client may go there with a token. */
  readonly foreignUrl: string;
  /** May do everything. */
  readonly token: string;
  readonly #running: Running;

  constructor(running: Running) {
    this.url = running.addresses.registryUrl;
    this.foreignUrl = running.addresses.foreignUrl;
    this.token = running.token;
    this.#running = running;
  }

  /** Everything it holds. */
  get store(): Store {
    return this.#running.store;
  }

  get githubApiUrl(): string {
    return this.#running.addresses.githubApiUrl;
  }

  get registryUrl(): string {
    return this.url;
  }

  now(): Date {
    return new Date(this.store.clock.now());
  }

  /** Sets the time and stops it. */
  setClock(now: string | Date): void {
    command.setClock(this.store, { now: new Date(now).toISOString() });
    this.store.journal.commit();
  }

  advanceClock(seconds: number): void {
    command.setClock(this.store, { advance: seconds });
    this.store.journal.commit();
  }

  /** For every answer, or for each surface. */
  setLatency(ms: number | { api: number; registry: number }): void {
    Object.assign(this.#running.latency, typeof ms === "number" ? { api: ms, registry: ms } : ms);
  }

  setSwitches(changes: SwitchChanges): Switches {
    command.setSwitches(this.store, changes);
    this.store.journal.commit();
    return this.store.switches;
  }

  setLimits(limits: Partial<Limits>): void {
    command.setLimits(this.#running.limiter, limits);
  }

  /** Returns the fault's id, which the log names where it struck. */
  addFault(fault: FaultRequest | FaultCallRequest): string {
    return this.#running.faults.add(fault);
  }

  /** How often each fault struck so far. */
  faults(): readonly FaultCount[] {
    return this.#running.faults.counts();
  }

  clearFaults(): void {
    this.#running.faults.clear();
  }

  createToken(request: TokenRequest = {}): string {
    const token = command.createToken(this.store, request);
    this.store.journal.commit();
    return token;
  }

  setOwner(login: string, type: "User" | "Organization"): void {
    command.setOwner(this.store, login, type);
    this.store.journal.commit();
  }

  setPackage(change: command.PackageCommand): void {
    command.setPackage(this.store, change);
    this.store.journal.commit();
  }

  seed(versions: readonly SeedVersion[]): SeededVersion[] {
    const seeded = seed(this.store, versions);
    this.store.journal.commit();
    return seeded;
  }

  /** One package, for assertions. */
  package(repository: string): PackageState | undefined {
    const pkg = this.store.find(repository);
    return pkg === undefined ? undefined : dumpPackage(pkg);
  }

  state(): SandboxState {
    return dump(this.store);
  }

  requests(): readonly LoggedRequest[] {
    return this.#running.log.all();
  }

  clearRequests(): void {
    this.#running.log.clear();
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.servers.map(stop));
  }
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = new Clock();
  const store = openStore(clock, options.dir);
  if (options.now !== undefined) clock.set(options.now);
  if (options.switches !== undefined) command.setSwitches(store, options.switches);
  const token = tokenFor(store, options.token);
  const faults = new FaultBook(store);
  const limiter = new RateLimiter(clock);
  const log = new RequestLog();
  const latency = { api: 0, registry: 0 };

  const foreign = await listen(0, foreignHost(clock, log));
  // Another name than the registry's, so that clients see another host.
  const foreignUrl = `http://localhost:${foreign.port}`;

  // The port is known only when the server listens, and the answers name it.
  let listener: ReturnType<typeof front> = (_request, response) => response.destroy();
  const main = await listen(options.port ?? 0, (request, response) => listener(request, response));
  const url = `http://127.0.0.1:${main.port}`;
  const addresses = { githubApiUrl: `${url}/api`, registryUrl: url, foreignUrl };
  const controlled = { store, faults, log, limiter, latency, addresses };
  listener = front({
    ...controlled,
    api: new GitHubApi(store, limiter, addresses.githubApiUrl),
    registry: new Registry(store, url, foreignUrl),
    control: new Control(controlled),
  });
  return new Sandbox({ ...controlled, token, servers: [main.server, foreign.server] });
}

/** The first classic token is the all-powerful one; a restart finds it again. */
function tokenFor(store: Store, text: string | undefined): string {
  const known = store.tokens.all().find((token) => token.kind === "classic" && (text === undefined || token.token === text));
  if (known !== undefined) return known.token;
  const { token } = store.tokens.add(newToken(text === undefined ? {} : { token: text }));
  store.journal.settingsChanged();
  store.journal.commit();
  return token;
}
