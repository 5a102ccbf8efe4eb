import { AdaptiveQueue } from "../http/adaptive-queue";
import type { WaitAnnouncer } from "../http/announce-waits";
import { HttpClient, type HttpRequest, type OpenResponse, responseMilliseconds } from "../http/http";
import type { Headers, HttpResponse } from "../http/response";
import { isFinal, type RetryOptions, withRetries } from "../http/retry-policy";

/** The registry, signed in. */
export interface RegistryConnection {
  readonly client: RegistryClient;
  readonly url: string;
  /** Orders the reading requests of all packages. */
  readonly queue: AdaptiveQueue;
}

export interface RegistryOptions {
  readonly registryUrl: string;
  readonly token: string;
  /** Length of a second of waiting, milliseconds. */
  readonly second: number;
  readonly waits: WaitAnnouncer;
}

/** Maximum number of manifests requested at a time, over all packages. */
const maxConcurrentReads = 64;

export function openRegistry({ registryUrl, token, second, waits }: RegistryOptions): RegistryConnection {
  const queue = new AdaptiveQueue({ start: 32, min: 2, max: maxConcurrentReads, perPackage: maxConcurrentReads });
  const onLimit = (_limit: unknown, seconds = 0) => {
    queue.pushedBack();
    waits.announce("the registry's rate limit is reached", seconds);
  };
  return { client: new RegistryClient(registryUrl, token, { second, onLimit }), url: registryUrl, queue };
}

export interface RegistryRequest {
  readonly method: "GET" | "HEAD" | "PUT";
  /** Below `/v2/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** GHCR refuses larger manifests; this limit holds whatever a server sends. */
const maxManifestBytes = 4 * 1024 * 1024;
/** The specification gives an error a code and a message. */
const maxErrorBytes = 64 * 1024;
/** Manifests and errors are read; redirects are not. */
const bounds = {
  bytes: (status: number) => (status < 300 ? maxManifestBytes : status < 400 ? 0 : maxErrorBytes),
  milliseconds: responseMilliseconds,
};

/** The registry over HTTP. */
export class RegistryClient {
  readonly #retries: Omit<RetryOptions, "failureOf">;
  readonly #http = new HttpClient(maxConcurrentReads);
  readonly #origin: string;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(registryUrl: string, token: string, retries: Omit<RetryOptions, "failureOf">) {
    const { origin, pathname } = new URL(registryUrl);
    this.#retries = retries;
    this.#origin = origin;
    this.#base = `${pathname.replace(/\/+$/, "")}/v2/`;
    // GHCR accepts the token itself, base64-encoded.
    const bearer = Buffer.from(token).toString("base64");
    this.#headers = { authorization: `Bearer ${bearer}`, "user-agent": "ghcr-retention" };
  }

  /** Sends a request and reads its response whole. Throws a {@link FailedResponse}, or the network's error. */
  ask(asked: RegistryRequest): Promise<HttpResponse> {
    const request = this.#requestOf(asked);
    return this.#send(asked, () => this.#http.ask(request, bounds));
  }

  /** Sends a request whose response is read part by part. Throws like {@link ask}. */
  open(asked: RegistryRequest): Promise<OpenResponse> {
    const request = this.#requestOf(asked);
    return this.#send(asked, () => this.#http.open(request));
  }

  #send<Response extends PassingResponse>({ method }: RegistryRequest, send: () => Promise<Response>): Promise<Response> {
    const failureOf = (error: unknown) => {
      const { status, headers } = error instanceof FailedResponse ? error : { status: undefined, headers: {} };
      return { server: "registry", method, message: "", headers, ...(status === undefined ? {} : { status }) } as const;
    };
    return withRetries({ ...this.#retries, failureOf }, async () => {
      const response = await send();
      if (isFinal("registry", response.status)) return response;
      response.drop?.();
      throw new FailedResponse(response.status, response.headers);
    });
  }

  #requestOf({ method, path, headers, body }: RegistryRequest): HttpRequest {
    return {
      origin: this.#origin,
      path: this.#base + path,
      method,
      headers: headers === undefined ? this.#headers : { ...this.#headers, ...headers },
      ...(body === undefined ? {} : { body }),
    };
  }
}

interface PassingResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Absent when the body was read whole. */
  drop?(): void;
}

/** A response that says 'later', after the last attempt. */
export class FailedResponse extends Error {
  override readonly name = "FailedResponse";
  constructor(
    readonly status: number,
    readonly headers: Headers,
  ) {
    super(`the registry answered ${status}`);
  }
}
