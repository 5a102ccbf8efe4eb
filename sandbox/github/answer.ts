import { type Exchange, segmentsOf } from "../http/exchange";
import { json, type Reply } from "../http/reply";
import { timestamp } from "../store/clock";
import type { Owner } from "../store/owners";
import type { Store } from "../store/store";
import type { Token } from "../store/tokens";
import { routeArtifacts } from "./artifact-answers";
import { etagOf, isUnchanged } from "./etag";
import type { RateLimiter } from "./limits";
import { membership, organization, publicUser } from "./owner-answers";
import { deletePackage, getPackage, listPackages, mayRead, restorePackage } from "./package-answers";
import { refusals } from "./refusals";
import type { Scene } from "./scene";
import { deleteVersion, getVersion, listVersions, restoreVersion } from "./version-answers";

/** The first is meant where a request names none: https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const apiVersions = ["2022-11-28", "2026-03-10"] as const;

/** GitHub's Packages API. */
export class GitHubApi {
  constructor(
    readonly store: Store,
    readonly limiter: RateLimiter,
    readonly apiUrl: string,
  ) {}

  tokenOf(exchange: Exchange): Token | undefined {
    return this.store.tokens.find(credentialOf(exchange.headers.authorization) ?? "", this.store.clock.now());
  }

  answer(exchange: Exchange): Reply {
    if (exchange.headers.authorization === undefined) return refusals.requiresAuthentication();
    const token = this.tokenOf(exchange);
    exchange.caller = token === undefined ? "unknown" : "known";
    if (token === undefined) return refusals.badCredentials();
    exchange.token = token;

    // Requests for the limit are free, and so are replies without a change.
    const version = String(exchange.headers["x-github-api-version"] ?? apiVersions[0]);
    if (!apiVersions.some((known) => known === version)) return refusals.unknownVersionOfApi(version);
    const asksLimit = exchange.method === "GET" && exchange.path === "/api/rate_limit";
    const answer = asksLimit ? this.#rateLimit(token) : this.#limited({ store: this.store, apiUrl: this.apiUrl, exchange, token });
    if (!asksLimit && answer.status !== 304) this.limiter.count(token);
    Object.assign(answer.headers, this.limitHeaders(token, answer));
    answer.headers["x-github-api-version-selected"] = version;
    answer.headers["x-github-media-type"] = "github.v3; format=json";
    if (token.kind === "classic") {
      answer.headers["x-oauth-scopes"] = token.scopes.join(", ");
      // GitHub names none for packages.
      answer.headers["x-accepted-oauth-scopes"] = "";
    }
    if (token.expiresAt !== undefined) {
      answer.headers["github-authentication-token-expiration"] = `${timestamp(token.expiresAt).replace("T", " ").slice(0, 19)} UTC`;
    }
    return answer;
  }

  /** The headers of the limits that an answer of GitHub's own carries. */
  limitHeaders(token: Token, { withoutLimits }: Reply): Record<string, string> {
    const areHidden = token.kind === "installation" && !this.store.switches.installationRateHeaders;
    return withoutLimits || areHidden ? {} : this.limiter.headers(token);
  }

  #rateLimit(token: Token): Reply {
    const rate = this.limiter.state(token);
    return json(200, { resources: { core: rate, search: rate }, rate });
  }

  #limited(scene: Scene): Reply {
    const verdict = this.limiter.verdict(scene.token, scene.exchange.method);
    if (verdict === "primary") return refusals.primaryLimit(scene.token.kind, {});
    if (verdict === "secondary") {
      const seconds = this.limiter.limits.retryAfterSeconds;
      return refusals.secondaryLimit(seconds === 0 ? {} : { "retry-after": String(seconds) });
    }
    return unlessUnchanged(scene.exchange, route(scene));
  }
}

/** Returns the credential of `token X`, `Bearer X`, or the password of Basic. */
function credentialOf(header: string | undefined): string | undefined {
  const [scheme = "", value = ""] = (header ?? "").split(" ");
  if (/^(token|bearer)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return undefined;
  return Buffer.from(value, "base64").toString().split(":").slice(1).join(":");
}

function unlessUnchanged(exchange: Exchange, answer: Reply): Reply {
  if (exchange.method !== "GET" || answer.status !== 200) return answer;
  answer.headers.etag ??= etagOf(answer.body);
  answer.headers["cache-control"] = "private, max-age=60, s-maxage=60";
  answer.headers.vary = "Accept, Authorization, Cookie, X-GitHub-OTP";
  if (!isUnchanged(exchange.headers["if-none-match"], answer.headers.etag)) return answer;
  return { status: 304, headers: answer.headers, body: "" };
}

function route(scene: Scene): Reply {
  const { store, apiUrl, exchange, token } = scene;
  const [, ...segments] = segmentsOf(exchange.path) ?? [];
  const [first, second = "", third] = segments;
  const isGet = exchange.method === "GET";

  if (first === "user" && token.kind === "installation" && isGet) return refusals.notForIntegrations();
  if (first === "user" && second === "" && isGet) return json(200, publicUser(apiUrl, userOf(store, token)));
  if (first === "user" && second === "memberships" && third === "orgs" && isGet) return answerMembership(scene, segments.slice(3));
  if (first === "organizations" && third === "packages") return routePackages(scene, store.owners.byId(Number(second)), segments.slice(3));
  if (first === "user" && second === "packages") return routePackages(scene, userOf(store, token), segments.slice(2));
  if (second === "") return refusals.notFound();
  const owner = store.owners.get(second);
  if (first === "users" && third === undefined && isGet) return json(200, publicUser(apiUrl, owner));
  if (first === "orgs" && third === undefined && isGet && owner.kind === "Organization") return json(200, organization(apiUrl, owner));
  const asked = owner.kind === "Organization" ? owner : undefined;
  if (first === "orgs" && third === "artifacts") return routeArtifacts(scene, asked, segments.slice(3));
  if (third !== "packages") return refusals.notFound();
  if (first === "orgs") return routePackages(scene, asked, segments.slice(3));
  if (first === "users") return routePackages(scene, owner.kind === "User" ? owner : undefined, segments.slice(3));
  return refusals.notFound();
}

/** The owner is undefined when it was requested as the wrong kind. */
function routePackages(scene: Scene, owner: Owner | undefined, rest: readonly string[]): Reply {
  const { store, token, exchange } = scene;
  const { method } = exchange;
  if (token.kind === "classic" && owner?.tokenPolicy === "single-sign-on") return refusals.singleSignOn(owner);
  if (token.kind === "classic" && owner?.tokenPolicy === "no-classic") return refusals.noClassicTokens(owner);
  const [type, name, what, id, last, ...more] = rest;
  if (type === undefined) return owner === undefined || method !== "GET" ? refusals.notFound() : listPackages(scene, owner);
  if (token.kind === "fine-grained") return refusals.notForFineGrained();
  if (owner === undefined || name === undefined || type !== "container" || more.length > 0) return refusals.packageNotFound();
  const repository = `${owner.login}/${name}`;
  if (what === "restore" && id === undefined && method === "POST") return restorePackage(scene, repository);

  const pkg = store.find(repository);
  if (pkg === undefined || !mayRead(token, pkg)) return refusals.packageNotFound();
  const found = { ...scene, owner, pkg };
  if (what === undefined && method === "GET") return getPackage(found);
  if (what === undefined && method === "DELETE") return deletePackage(found);
  if (what !== "versions") return refusals.notFound();
  if (id === undefined) return method === "GET" ? listVersions(found) : refusals.notFound();
  if (last === undefined && method === "GET") return getVersion(found, id);
  if (last === undefined && method === "DELETE") return deleteVersion(found, id);
  if (last === "restore" && method === "POST") return restoreVersion(found, id);
  return refusals.notFound();
}

/** https://docs.github.com/en/rest/orgs/members#get-an-organization-membership-for-the-authenticated-user */
function answerMembership({ store, apiUrl, token }: Scene, [login, ...more]: readonly string[]): Reply {
  const owner = login === undefined || more.length > 0 ? undefined : store.owners.get(login);
  if (owner?.kind !== "Organization") return refusals.notFound();
  if (!membershipScopes.some((scope) => token.scopes.includes(scope))) return refusals.scope("read:org", "get a membership");
  return json(200, membership(apiUrl, owner, userOf(store, token), token.organizationRole));
}

const membershipScopes = ["read:org", "write:org", "admin:org"];

function userOf(store: Store, token: Token): Owner {
  const owner = store.owners.get(token.login);
  return owner.kind === "User" ? owner : store.owners.set(token.login, "User");
}
