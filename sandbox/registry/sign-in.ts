import { randomBytes } from "node:crypto";
import type { Exchange } from "../http/exchange";
import { json, type Reply } from "../http/reply";
import type { Store } from "../store/store";
import { hasScope, roleOn, type Token } from "../store/tokens";
import { ociError, ociErrors } from "./oci-errors";

const lifetimeSeconds = 300;

/** The caller: public packages need no account, but even anonymous callers need a token. */
export type Caller = { readonly kind: "anonymous" } | { readonly kind: "token"; readonly token: Token };

interface Issued {
  readonly caller: Caller;
  readonly until: number;
}

/** The token endpoint, and the authentication of requests. */
export class SignIn {
  readonly #issued = new Map<string, Issued>();

  constructor(
    readonly store: Store,
    readonly registryUrl: string,
  ) {}

  /**
   * Serves `GET /token?service=…&scope=…`: Basic with a token as password, or anonymous. A `POST` holds the password in a form:
   * https://distribution.github.io/distribution/spec/auth/oauth/
   */
  issue(exchange: Exchange): Reply {
    const byPost = exchange.method === "POST";
    if (byPost && this.store.switches.tokenByPost === "not-allowed") return ociErrors.unsupported();
    const caller = this.#signingIn(exchange);
    if (caller === undefined) {
      exchange.caller = "unknown";
      return ociErrors.denied("denied");
    }
    noteCaller(exchange, caller);
    this.#forgetExpired();
    const token = `v1:${randomBytes(16).toString("hex")}`;
    this.#issued.set(token, { caller, until: Date.now() + lifetimeSeconds * 1000 });
    return json(200, byPost ? { access_token: token, expires_in: lifetimeSeconds } : { token, expires_in: lifetimeSeconds });
  }

  /** Returns the token that the request carries in any form. */
  tokenOf(exchange: Exchange): Token | undefined {
    const caller = exchange.path === "/token" ? this.#signingIn(exchange) : this.callerOf(exchange);
    return caller?.kind === "token" ? caller.token : undefined;
  }

  /** Returns the caller of a request with an issued token or a GitHub token in base64. */
  callerOf(exchange: Exchange): Caller | undefined {
    const [scheme = "", value = ""] = (exchange.headers.authorization ?? "").split(" ");
    if (!/^bearer$/i.test(scheme)) return undefined;
    const issued = this.#issued.get(value);
    if (issued !== undefined) {
      if (issued.until <= Date.now() || !this.#stillGood(issued.caller)) return undefined;
      noteCaller(exchange, issued.caller);
      return issued.caller;
    }
    const token = this.store.tokens.find(Buffer.from(value, "base64").toString(), this.store.clock.now());
    exchange.caller = token === undefined ? "unknown" : "known";
    if (token === undefined) return undefined;
    exchange.token = token;
    return { kind: "token", token };
  }

  challenge(repository: string | undefined, action: "pull" | "pull,push"): Reply {
    const service = new URL(this.registryUrl).host;
    const scope = repository === undefined ? "" : `,scope="repository:${repository}:${action}"`;
    return ociError(401, "UNAUTHORIZED", "authentication required", {
      "www-authenticate": `Bearer realm="${this.registryUrl}/token",service="${service}"${scope}`,
    });
  }

  #signingIn({ method, headers, body }: Exchange): Caller | undefined {
    const { authorization } = headers;
    if (method === "POST") return this.#holder(new URLSearchParams(body.toString()).get("password") ?? "");
    if (authorization === undefined) return { kind: "anonymous" };
    const [scheme = "", value = ""] = authorization.split(" ");
    if (!/^basic$/i.test(scheme)) return undefined;
    return this.#holder(Buffer.from(value, "base64").toString().split(":").slice(1).join(":"));
  }

  #holder(password: string): Caller | undefined {
    const token = this.store.tokens.find(password, this.store.clock.now());
    return token === undefined ? undefined : { kind: "token", token };
  }

  #stillGood(caller: Caller): boolean {
    return caller.kind === "anonymous" || this.store.tokens.find(caller.token.token, this.store.clock.now()) !== undefined;
  }

  #forgetExpired(): void {
    if (this.#issued.size < 10_000) return;
    for (const [token, { until }] of this.#issued) if (until <= Date.now()) this.#issued.delete(token);
  }
}

function noteCaller(exchange: Exchange, caller: Caller): void {
  if (caller.kind === "anonymous") return;
  exchange.token = caller.token;
  exchange.caller = "known";
}

export function mayPull(store: Store, caller: Caller, repository: string): boolean {
  const visibility = store.find(repository)?.visibility;
  if (visibility === "public") return true;
  if (caller.kind === "anonymous") return false;
  const { token } = caller;
  return token.kind !== "fine-grained" && hasScope(token, "read:packages") && roleOn(token, repository.toLowerCase()) !== "none";
}

export function mayPush(caller: Caller, repository: string): boolean {
  if (caller.kind === "anonymous" || caller.token.kind === "fine-grained") return false;
  const role = roleOn(caller.token, repository.toLowerCase());
  return hasScope(caller.token, "write:packages") && (role === "admin" || role === "write");
}
