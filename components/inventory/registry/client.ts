import { setTimeout as wait } from "node:timers/promises";
import { AdaptiveQueue } from "../http/adaptive-queue";
import type { WaitAnnouncer } from "../http/announce-waits";
import { type Headers, type HttpAnswer, headerOf } from "../http/answer";
import { answerMilliseconds, HttpClient, type HttpRequest, type OpenAnswer } from "../http/http";
import { maxWaitSeconds } from "../http/retry-policy";

/** The registry, signed in. */
export interface RegistryConnection {
  readonly client: RegistryClient;
  readonly url: string;
  /** Orders the reading requests of all packages. */
  readonly queue: AdaptiveQueue;
}

/** Maximum number of manifests requested at a time, over all packages. */
const maxConcurrentReads = 64;

export function openRegistry(
  options: Pick<RegistryClientOptions, "registryUrl" | "token" | "second"> & { readonly waits: WaitAnnouncer },
): RegistryConnection {
  const { registryUrl, token, second, waits } = options;
  const queue = new AdaptiveQueue({ start: 32, min: 2, max: maxConcurrentReads, perPackage: maxConcurrentReads });
  const onPushback = (seconds: number) => {
    queue.pushedBack();
    waits.announce("the registry's rate limit is reached", seconds);
  };
  const client = new RegistryClient({ registryUrl, token, concurrency: maxConcurrentReads, second, maxWaitSeconds, onPushback });
  return { client, url: registryUrl, queue };
}

export interface RegistryRequest {
  readonly method: "GET" | "HEAD" | "PUT";
  /** Below `/v2/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface RegistryClientOptions {
  readonly registryUrl: string;
  readonly token: string;
  /** So many requests are under way at the most. */
  readonly concurrency: number;
  /** How many milliseconds a second of waiting lasts. */
  readonly second: number;
  /** Seconds; who asks for more, would keep a run waiting for ever. */
  readonly maxWaitSeconds: number;
  /** The registry answered 429, and asks to wait so many seconds; 0 where it does not say. */
  readonly onPushback: (seconds: number) => void;
}

/** GHCR refuses larger manifests; so does this side, whoever answers. */
const manifestBytesMaximum = 4 * 1024 * 1024;
/** The specification gives an error a code and a message. */
const errorBytesMaximum = 64 * 1024;
/** The body of an answer that has something to say; of one that says no, the beginning at the most. */
const bounds = {
  bytes: (status: number) => (status < 300 ? manifestBytesMaximum : status === 404 ? errorBytesMaximum : 0),
  milliseconds: answerMilliseconds,
};
const maxAttempts = 5;
const passingStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** The registry over HTTP. */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #http: HttpClient;
  readonly #origin: string;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: RegistryClientOptions) {
    const { origin, pathname } = new URL(options.registryUrl);
    this.#options = options;
    this.#http = new HttpClient(options.concurrency);
    this.#origin = origin;
    this.#base = `${pathname.replace(/\/+$/, "")}/v2/`;
    // GHCR takes the token straight, base64-encoded.
    const bearer = Buffer.from(options.token).toString("base64");
    this.#headers = { authorization: `Bearer ${bearer}`, "user-agent": "ghcr-retention" };
  }

  /** Asks again where the answer says 'later', or none comes; a PUT is sent once. Throws a {@link StillBusy}, or what the network says. */
  ask(asked: RegistryRequest): Promise<HttpAnswer> {
    const request = this.#requestOf(asked);
    return this.#patiently(asked, () => this.#http.ask(request, bounds));
  }

  /** The same, for a body that is to be read part by part. */
  open(asked: RegistryRequest): Promise<OpenAnswer> {
    const request = this.#requestOf(asked);
    return this.#patiently(asked, () => this.#http.open(request));
  }

  async #patiently<Answer extends PassingAnswer>({ method }: RegistryRequest, ask: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const last = attempt === maxAttempts || method === "PUT";
      const answer = await ask().catch((error: unknown) => {
        if (last) throw error;
        return undefined;
      });
      if (answer && !passingStatuses.has(answer.status)) return answer;
      answer?.drop?.();
      const seconds = answer && askedWait(answer);
      if (answer?.status === 429) this.#options.onPushback(seconds ?? 0);
      if (answer && last) throw new StillBusy(answer.status);
      const { second, maxWaitSeconds: longestWait } = this.#options;
      await wait(Math.min(seconds ?? 0.3 * 2 ** (attempt - 1), longestWait) * second);
    }
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

interface PassingAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Absent where it is there whole. */
  drop?(): void;
}

/** Answers that say 'later' each time. */
export class StillBusy extends Error {
  override readonly name = "StillBusy";
  constructor(readonly status: number) {
    super(`answered ${status} again and again`);
  }
}

/** Seconds that the registry asks to wait; a date is held against its own clock. */
function askedWait({ status, headers }: PassingAnswer): number | undefined {
  const after = status === 429 || status === 503 ? headerOf(headers, "retry-after") : undefined;
  if (after === undefined) return undefined;
  const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.parse(headerOf(headers, "date") ?? "")) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
