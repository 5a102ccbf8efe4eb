import type { Exchange } from "../http/exchange";
import { json, type Reply, reply } from "../http/reply";
import { forbidsClassicTokens } from "../store/owners";
import type { Store } from "../store/store";
import type { Token } from "../store/tokens";
import { getBlob } from "./blobs";
import { getManifest, putManifest } from "./manifests";
import { ociErrors } from "./oci-errors";
import { mayPull, mayPush, SignIn } from "./sign-in";
import { listTags } from "./tags";
import { Uploads } from "./uploads";
import type { Visit } from "./visit";

const namePattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)+$/;
const pathPattern = /^\/v2\/(.+?)\/(?:(manifests|referrers)\/([^/]+)|(blobs)\/uploads\/?([^/]*)|(blobs)\/([^/]+)|(tags)\/list)$/;

type Route =
  | { readonly kind: "manifest" | "referrers" | "upload" | "blob"; readonly repository: string; readonly reference: string }
  | { readonly kind: "tags"; readonly repository: string };

/** The registry API of GHCR. */
export class Registry {
  readonly #signIn: SignIn;
  readonly #uploads = new Uploads();

  constructor(
    readonly store: Store,
    registryUrl: string,
    readonly foreignUrl: string,
  ) {
    this.#signIn = new SignIn(store, registryUrl);
  }

  tokenOf(exchange: Exchange): Token | undefined {
    return this.#signIn.tokenOf(exchange);
  }

  answer(exchange: Exchange): Reply {
    if (exchange.path === "/token") return this.#signIn.issue(exchange);
    const caller = this.#signIn.callerOf(exchange);
    if (exchange.path === "/v2/" || exchange.path === "/v2") {
      return caller === undefined ? this.#signIn.challenge(undefined, "pull") : json(200, {});
    }
    const route = routeOf(exchange.path);
    if (route === undefined) {
      return caller === undefined ? this.#signIn.challenge(undefined, "pull") : this.#elsewhere(exchange.path.replace(/^\/v2\//, ""));
    }
    if (!namePattern.test(route.repository)) return ociErrors.nameInvalid();
    const { repository } = route;

    const owner = this.store.owners.find(repository.slice(0, repository.indexOf("/")));
    if (caller?.kind === "token" && caller.token.kind === "classic" && owner?.tokenPolicy === "no-classic") {
      return ociErrors.denied(`permission_denied: ${forbidsClassicTokens(owner)}`);
    }
    const reads = exchange.method === "GET" || exchange.method === "HEAD";
    if (caller === undefined) return this.#signIn.challenge(repository, reads ? "pull" : "pull,push");
    if (reads && !mayPull(this.store, caller, repository)) {
      return caller.kind === "anonymous" ? this.#signIn.challenge(repository, "pull") : this.#refuseRead(repository);
    }
    if (!reads && !mayPush(caller, repository)) {
      if (caller.kind === "anonymous") return this.#signIn.challenge(repository, "pull,push");
      return ociErrors.denied("permission_denied: The token provided does not match expected scopes.");
    }
    return this.#route({ store: this.store, exchange, repository, caller }, route);
  }

  /** Refuses a caller whose token may not read the repository. */
  #refuseRead(repository: string): Reply {
    if (this.store.find(repository) === undefined) return ociErrors.nameUnknown();
    return ociErrors.denied("permission_denied: The requested installation does not exist.");
  }

  #route(visit: Visit, route: Route): Reply {
    const { method } = visit.exchange;
    const reads = method === "GET" || method === "HEAD";
    if (route.kind === "tags") return reads ? listTags(visit) : ociErrors.unsupported();
    if (route.kind === "referrers") return this.#elsewhere(`${visit.repository}/referrers/${route.reference}`);
    if (route.kind === "upload") return this.#upload(visit, route.reference);
    if (method === "DELETE") return ociErrors.unsupported();
    if (route.kind === "blob") return reads ? getBlob(visit, route.reference) : ociErrors.unsupported();
    if (method === "PUT") return putManifest(visit, route.reference);
    return reads ? getManifest(visit, route.reference) : ociErrors.unsupported();
  }

  #upload(visit: Visit, id: string): Reply {
    const { method } = visit.exchange;
    if (method === "POST" && id === "") return this.#uploads.start(visit);
    if (method === "GET") return this.#uploads.status(visit, id);
    if (method === "PATCH") return this.#uploads.append(visit, id);
    if (method === "PUT") return this.#uploads.end(visit, id);
    if (method === "DELETE") return this.#uploads.cancel(visit, id);
    return ociErrors.unsupported();
  }

  /** Answers for a path that GHCR does not serve, such as referrers: GHCR's own address ends at the first colon. */
  #elsewhere(path: string): Reply {
    if (this.store.switches.referrers === "not-found") return reply(404, { "content-type": "text/plain" }, "404 page not found\n");
    const [known = ""] = path.split(":");
    return reply(303, { location: `${this.foreignUrl}/-/v2/packages/container/package/${encodeURIComponent(known)}` });
  }
}

function routeOf(path: string): Route | undefined {
  const match = pathPattern.exec(safelyDecoded(path));
  if (match === null) return undefined;
  const [, repository = "", byReference, reference = "", isUpload, upload = "", isBlob, blob = ""] = match;
  if (byReference === "manifests") return { kind: "manifest", repository, reference };
  if (byReference === "referrers") return { kind: "referrers", repository, reference };
  if (isUpload !== undefined) return { kind: "upload", repository, reference: upload };
  if (isBlob !== undefined) return { kind: "blob", repository, reference: blob };
  return { kind: "tags", repository };
}

function safelyDecoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}
