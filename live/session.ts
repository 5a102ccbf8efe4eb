import { connect } from "../components/inventory/connection";
import { findRoute } from "../components/inventory/github/packages-api";
import { isSafeServer } from "../components/inventory/http/safe-url";
import { missingScopes } from "../components/model/token-scopes";
import type { Pace } from "./scratch/pace";
import type { Session } from "./scratch/scratch";

export interface Options {
  readonly owner: string;
  readonly githubApiUrl: string;
  readonly registryUrl: string;
}

interface Written {
  readonly owner?: string | undefined;
  readonly api?: string | undefined;
  readonly registry?: string | undefined;
  readonly write: boolean;
}

/** Reads the options of a run. Throws an error that names the one that is wrong. */
export function readOptions({ owner, api, registry, write }: Written): Options {
  if (owner === undefined || !/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(owner)) {
    throw new Error(`--owner ${owner ?? "is missing"}: expected the name of a GitHub user or organisation that you may push packages to`);
  }
  if ((api === undefined) !== (registry === undefined)) throw new Error("expected --api and --registry together, or neither");
  if (write && api !== undefined) throw new Error("--write records what GitHub itself does: leave out --api and --registry");
  const githubApiUrl = serverOf("--api", api ?? "https://api.github.com");
  return { owner, githubApiUrl, registryUrl: serverOf("--registry", registry ?? "https://ghcr.io") };
}

function serverOf(option: string, url: string): string {
  if (URL.canParse(url) && isSafeServer(new URL(url))) return url.replace(/\/+$/, "");
  throw new Error(`${option} ${url}: expected an https:// address, since the server receives the token`);
}

interface Tokens {
  readonly token: string;
  readonly readToken: string | undefined;
  readonly pace: Pace;
}

/** GitHub's documented limit. */
const deletionsPerMinute = 180;
const needed: ReadonlySet<string> = new Set(["read:packages", "write:packages", "delete:packages"]);

/** Signs in, and looks what the owner is. Throws where the token cannot do what a run does, before anything is written. */
export async function openSession(options: Options, { token, readToken, pace }: Tokens): Promise<Session> {
  const { owner, githubApiUrl, registryUrl } = options;
  const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute, cacheFolder: "" };
  const connection = connect(endpoints, token, undefined, pace.say);
  const { route, scopes } = await findRoute(connection.github, { owner, name: "*" });
  const missing = scopes === undefined ? [] : missingScopes(scopes, needed);
  if (scopes !== undefined && missing.length > 0) {
    throw new Error(`GITHUB_TOKEN has the scopes ${[...scopes].join(", ") || "none"}; a live run also needs ${missing.join(", ")}`);
  }
  if (readToken === undefined) return { githubApiUrl, connection, reader: undefined, token, kind: route.kind, pace };
  const reader = connect(endpoints, readToken, undefined, pace.say).github;
  const readable = (await findRoute(reader, { owner, name: "*" })).scopes;
  if (readable?.size !== 1 || !readable.has("read:packages")) {
    throw new Error(`GITHUB_READ_TOKEN has the scopes ${[...(readable ?? [])].join(", ") || "none"}; expected read:packages alone`);
  }
  return { githubApiUrl, connection, reader, token, kind: route.kind, pace };
}
