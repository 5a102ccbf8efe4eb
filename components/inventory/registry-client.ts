import { setTimeout as wait } from "node:timers/promises";
import { answerMilliseconds, HttpClient, headerOf } from "./http";
import { type BodyFlaw, type OpenBody, readBounded } from "./read-bounded";

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
const tries = 5;
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
    this.#http = new HttpClient(options.connections);
    this.#origin = origin;
    this.#base = `${pathname.replace(/\/+$/, "")}/v2/`;
    // GHCR takes the token straight, base64-encoded.
    const bearer = Buffer.from(options.token).toString("base64");
    this.#headers = { authorization: `Bearer ${bearer}`, "user-agent": "ghcr-retention" };
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
    const answer = await this.#http.ask({
      origin: this.#origin,
      path: this.#base + path,
      method,
      headers: { ...this.#headers, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { ...answer, header: (name) => headerOf(answer.headers, name) };
  }
}

/** Answers that say 'later' each time. */
export class StillBusy extends Error {
  override readonly name = "StillBusy";
  constructor(readonly status: number) {
    super(`answered ${status} again and again`);
  }
}

/** Seconds that the registry asks to wait; a date is held against its own clock. */
function askedWait(answer: Answer | undefined): number | undefined {
  const after = answer?.status === 429 || answer?.status === 503 ? answer.header("retry-after") : undefined;
  if (after === undefined) return undefined;
  const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.parse(answer?.header("date") ?? "")) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
