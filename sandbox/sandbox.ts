import type { Server } from "node:http";
import { Control, type Controlled } from "./control/answer";
import * as command from "./control/commands";
import { dump, dumpPackage, type PackageState, type SandboxState } from "./control/dump";
import type { FaultCallRequest } from "./faults/active-fault";
import type { FaultRequest } from "./faults/fault";
import { FaultBook, type FaultCount } from "./faults/fault-book";
import { foreignHost } from "./foreign-host";
import { depart, front, httpDate, type Parts } from "./front";
import { GitHubApi } from "./github/answer";
import { type Limits, RateLimiter } from "./github/limits";
import { type Arrival, exchangeOf } from "./http/exchange";
import { listen, stop } from "./http/listen";
import { type LoggedRequest, RequestLog } from "./http/request-log";
import { sentBody, sentHeaders } from "./http/write-reply";
import { Registry } from "./registry/answer";
import { Clock } from "./store/clock";
import type { DeploymentReport } from "./store/deployment-records";
import { openStore } from "./store/open-store";
import type { TokenPolicy } from "./store/owners";
import { type SeededVersion, type SeedVersion, seed } from "./store/seeding";
import type { Store } from "./store/store";
import type { SwitchChanges, Switches } from "./store/switches";
import { newToken, type TokenRequest } from "./store/tokens";

export interface SandboxOptions {
  /** The default is any free port. */
  readonly port?: number;
  /** The folder that keeps the state across restarts. By default the state is in memory. */
  readonly dir?: string;
  /** The virtual time at which the clock stands still. The default is the real time. */
  readonly now?: string;
  readonly switches?: SwitchChanges;
  /** The text of the token with all permissions. The default is generated. */
  readonly token?: string;
}

/** The parts of a running sandbox. */
interface Running extends Controlled, Parts {
  readonly token: string;
  readonly servers: readonly Server[];
}

/** An answer as a client receives it. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A sandbox of GHCR, in this process. */
export class Sandbox {
  /** The address of the API and the registry: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The other host that the referrers API redirects to; no client may send a token there. */
  readonly foreignUrl: string;
  /** A token with all permissions. */
  readonly token: string;
  readonly #running: Running;

  constructor(running: Running) {
    this.url = running.addresses.registryUrl;
    this.foreignUrl = running.addresses.foreignUrl;
    this.token = running.token;
    this.#running = running;
  }

  /** The stored packages. */
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

  /** Sets the time and stops the clock. */
  setClock(now: string | Date): void {
    command.setClock(this.store, { now: new Date(now).toISOString() });
    this.store.journal.commit();
  }

  advanceClock(seconds: number): void {
    command.setClock(this.store, { advance: seconds });
    this.store.journal.commit();
  }

  /** Sets the latency of all replies, or of each surface. */
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

  /** Adds a fault and returns its id, which the log contains for each request it struck. */
  addFault(fault: FaultRequest | FaultCallRequest): string {
    return this.#running.faults.add(fault);
  }

  /** Returns how often each fault struck so far. */
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

  setOwner(login: string, type: "User" | "Organization", tokenPolicy: TokenPolicy = "any"): void {
    command.setOwner(this.store, { login, type, tokenPolicy });
    this.store.journal.commit();
  }

  /** Reports where an image of an organisation runs, or no longer does. */
  reportDeployment(owner: string, report: DeploymentReport): void {
    command.reportDeployment(this.store, { owner, ...report });
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

  /** Returns one package, for assertions. */
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

  /** Answers a request without a connection; `undefined` where a connection would break. */
  async answer(arrival: Arrival): Promise<Answered | undefined> {
    const { drop, reply, cutAt } = await depart(this.#running, exchangeOf(arrival));
    if (drop || cutAt !== undefined) return undefined;
    const date = httpDate(this.store)();
    return { status: reply.status, headers: sentHeaders(reply, date), body: sentBody(reply, arrival.method === "HEAD") };
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.servers.map(stop));
  }
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = new Clock();
  const log = new RequestLog();
  const foreign = await listen(0, foreignHost(clock, log));
  // The replies contain the port, which is known only once the server listens.
  let listener: ReturnType<typeof front> = (_request, response) => response.destroy();
  const main = await listen(options.port ?? 0, (request, response) => listener(request, response));
  // A different name than the registry's, so that it is another host to clients.
  const running = assemble(options, { clock, log, url: `http://127.0.0.1:${main.port}`, foreignUrl: `http://localhost:${foreign.port}` });
  listener = front(running);
  return new Sandbox({ ...running, servers: [main.server, foreign.server] });
}

/** A sandbox that listens on no port: requests are passed to {@link Sandbox.answer}. */
export function openSandbox(options: Omit<SandboxOptions, "port" | "dir"> = {}): Sandbox {
  const addresses = { url: "http://127.0.0.1:1", foreignUrl: "http://localhost:1" };
  return new Sandbox({ ...assemble(options, { clock: new Clock(), log: new RequestLog(), ...addresses }), servers: [] });
}

interface Surroundings {
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly url: string;
  readonly foreignUrl: string;
}

function assemble(options: SandboxOptions, { clock, log, url, foreignUrl }: Surroundings): Omit<Running, "servers"> {
  const store = openStore(clock, options.dir);
  if (options.now !== undefined) clock.set(options.now);
  if (options.switches !== undefined) command.setSwitches(store, options.switches);
  const limiter = new RateLimiter(clock);
  const addresses = { githubApiUrl: `${url}/api`, registryUrl: url, foreignUrl };
  const controlled = { store, faults: new FaultBook(store), log, limiter, latency: { api: 0, registry: 0 }, addresses };
  return {
    ...controlled,
    token: tokenFor(store, options.token),
    api: new GitHubApi(store, limiter, addresses.githubApiUrl),
    registry: new Registry(store, url, foreignUrl),
    control: new Control(controlled),
  };
}

/** Returns the first classic token, which has all permissions; a restart finds it again. */
function tokenFor(store: Store, text: string | undefined): string {
  const existing = store.tokens.all().find((token) => token.kind === "classic" && (text === undefined || token.token === text));
  if (existing !== undefined) return existing.token;
  const { token } = store.tokens.add(newToken(text === undefined ? {} : { token: text }));
  store.journal.settingsChanged();
  store.journal.commit();
  return token;
}
