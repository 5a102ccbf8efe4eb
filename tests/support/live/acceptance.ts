import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { type Connection, connect } from "../../../components/inventory/connection";
import { accept } from "../../../live/acceptance";
import { probes as allProbes } from "../../../live/probes/all";
import type { LiveProbe } from "../../../live/probes/assume";
import type { Row } from "../../../live/rows/row";
import type { Session } from "../../../live/scratch/scratch";
import type { Sandbox } from "../../../sandbox";

export const owner = "acme";

export interface LiveRun {
  readonly token?: string;
  /** Gives the run a second token, that may only read. */
  readonly withReader?: boolean;
  readonly probes?: readonly LiveProbe[];
  readonly signal?: AbortSignal;
  readonly kind?: Session["kind"];
  /** The length of a second of waiting in milliseconds. */
  readonly second?: number;
  readonly say?: (text: string) => void;
}

/** The sandbox's two servers, signed in, without a pace. */
export function connected({ githubApiUrl, registryUrl, token }: Sandbox, as = token): Connection {
  return connect({ githubApiUrl, registryUrl, deletionsPerMinute: 60_000, cacheFolder: "" }, as, 1);
}

/** A run against the sandbox that removes its package, and what it saw. */
export async function runLive(sandbox: Sandbox, run: LiveRun = {}): Promise<readonly Row[]> {
  const { rows, left } = await acceptLive(sandbox, run);
  assert.equal(left, undefined);
  return rows;
}

/** A run against the sandbox, whose clock advances while the run waits. */
export function acceptLive(sandbox: Sandbox, { token = sandbox.token, withReader = true, probes = allProbes, ...run }: LiveRun = {}) {
  const { signal = new AbortController().signal, say = () => {}, kind = "orgs", second = 1 } = run;
  const reader = withReader ? connected(sandbox, sandbox.createToken({ scopes: ["read:packages"] })).github : undefined;
  const pause = async (seconds: number) => {
    sandbox.advanceClock(seconds);
    await wait(seconds * second);
  };
  const { githubApiUrl } = sandbox;
  const session: Session = { githubApiUrl, connection: connected(sandbox, token), reader, token, kind, pace: { pause, say } };
  return accept({ owner, session, probes, signal });
}

/** The rows with a verdict, by name. */
export function named(rows: readonly Row[], verdict: Row["verdict"]): string[] {
  return rows.filter((row) => row.verdict === verdict).map(({ name }) => name);
}

/** The packages that are there. */
export function leftIn(sandbox: Sandbox): string[] {
  return sandbox.state().packages.flatMap(({ package: name, deletedAt }) => (deletedAt === null ? [name] : []));
}
