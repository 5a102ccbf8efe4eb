import { pipeline, type Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Agent, Dispatcher, request } from "undici";
import { type BodyFlaw, type OpenBody, openBody, readBounded } from "./read-bounded";

export interface Answer {
  readonly status: number;
  header(name: string): string | undefined;
}

/** An answer with its body; of an answer that says no, the beginning at the most. */
export interface RegistryAnswer extends Answer {
  readonly body: Buffer | BodyFlaw;
}

/** An answer whose body is still to be read, or dropped. */
export interface OpenAnswer extends Answer, OpenBody {}

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
  /** So many connections at the most, kept alive between requests. */
  readonly connections: number;
  /** How many milliseconds a second of waiting lasts. */
  readonly second: number;
  /** Seconds; who asks for more, would keep a run waiting for ever. */
  readonly longestWait: number;
  /** The registry answered 429, and asks to wait so many seconds; 0 where it does not say. */
  readonly onPushback: (seconds: number) => void;
}

/** GHCR refuses larger manifests; so does this side, whoever answers. */
const manifestBytesMaximum = 4 * 1024 * 1024;
/** The specification gives an error a code and a message. */
const errorBytesMaximum = 64 * 1024;
/** Time for one answer, and for one body. */
export const answerMilliseconds = 60_000;
const tries = 5;
const passingStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * The registry over HTTP. undici itself takes a fifth of the time that `fetch` takes for a manifest, which counts with
 * thousands of them. No redirect is followed, as it would carry the token elsewhere.
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  /** Made when the first answer is asked for: loading undici takes longer than everything else that a program loads of this package. */
  #http: Promise<Http> | undefined;
  readonly #base: string;

  constructor(options: RegistryClientOptions) {
    this.#options = options;
    this.#base = `${options.registryUrl.replace(/\/+$/, "")}/v2/`;
  }

  /** Asks, and reads the body of an answer that has something to say. */
  async ask(asked: RegistryRequest): Promise<RegistryAnswer> {
    const answer = await this.open(asked);
    const { status, header } = answer;
    if (status < 300)
      return { status, header, body: await readBounded(answer, { bytes: manifestBytesMaximum, milliseconds: answerMilliseconds }) };
    if (status === 404)
      return { status, header, body: await readBounded(answer, { bytes: errorBytesMaximum, milliseconds: answerMilliseconds }) };
    answer.drop();
    return { status, header, body: Buffer.alloc(0) };
  }

  /** Asks again where the answer says 'later', or none comes; a PUT is sent once. Throws a {@link StillBusy}, or what the network says. */
  async open(asked: RegistryRequest): Promise<OpenAnswer> {
    for (let attempt = 1; ; attempt++) {
      const last = attempt === tries || asked.method === "PUT";
      const answer = await this.#openOnce(asked).catch((error: unknown) => {
        if (last) throw error;
        return undefined;
      });
      if (answer && !passingStatuses.has(answer.status)) return answer;
      answer?.drop();
      const seconds = askedWait(answer);
      if (answer?.status === 429) this.#options.onPushback(seconds ?? 0);
      if (answer && last) throw new StillBusy(answer.status);
      const { second, longestWait } = this.#options;
      await wait(Math.min(seconds ?? 0.3 * 2 ** (attempt - 1), longestWait) * second);
    }
  }

  async #openOnce({ method, path, headers, body }: RegistryRequest): Promise<OpenAnswer> {
    this.#http ??= openHttp(this.#options.connections);
    const { request, dispatcher } = await this.#http;
    const answer = await request(this.#base + path, {
      dispatcher,
      method,
      // GHCR takes the token straight, base64-encoded.
      headers: {
        authorization: `Bearer ${Buffer.from(this.#options.token).toString("base64")}`,
        "user-agent": "ghcr-retention",
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: answer.statusCode,
      header: (name) => headerOf(answer, name),
      ...openBody(inflated(answer)),
    };
  }
}

interface Http {
  readonly request: typeof request;
  readonly dispatcher: Agent;
}

async function openHttp(connections: number): Promise<Http> {
  const { Agent, request } = await import("undici");
  return { request, dispatcher: new Agent({ connections, headersTimeout: answerMilliseconds, bodyTimeout: answerMilliseconds }) };
}

/** Answers that say 'later' each time. */
export class StillBusy extends Error {
  override readonly name = "StillBusy";
  constructor(readonly status: number) {
    super(`answered ${status} again and again`);
  }
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const inflaters: ReadonlyMap<string | undefined, () => ReturnType<typeof createGunzip>> = new Map([
  ["gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** Nobody asks for it, and some proxies compress all the same. */
function inflated(answer: Dispatcher.ResponseData): Readable {
  const inflater = inflaters.get(headerOf(answer, "content-encoding"));
  return inflater === undefined ? answer.body : pipeline(answer.body, inflater(), ignore);
}

/** Seconds that the registry asks to wait; a date is held against its own clock. */
function askedWait(answer: Answer | undefined): number | undefined {
  const after = answer?.status === 429 || answer?.status === 503 ? answer.header("retry-after") : undefined;
  if (after === undefined) return undefined;
  const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.parse(answer?.header("date") ?? "")) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function ignore(): void {}
