import type { Readable } from "node:stream";
import type { Agent, Dispatcher } from "undici";
import { type Bounds, WholeBody } from "./collect-body";
import type { Headers, HttpResponse } from "./response";

/** A response whose body is still to be read, or dropped. */
export interface OpenResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
  /** Aborts the rest, which may never end and would keep the process running. */
  drop(): void;
}

export interface HttpRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** Maximum time for a response to begin, between two parts of its body, and for a body that is read whole. */
export const responseMilliseconds = 60_000;

/**
 * HTTP for thousands of small responses: undici's dispatcher takes an eighth of the time that `fetch` takes for one. Redirects
 * are not followed, since the request carries the token.
 */
export class HttpClient {
  readonly #concurrency: number;
  /** Created by the first request: loading undici takes longer than all other modules of this package together. */
  #agent: Agent | undefined;

  /** `concurrency` is the number of requests that a server may get at a time; connections are kept alive between them. */
  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Returns the response whole, within the bounds. Rejects where none begins. */
  async ask(asked: HttpRequest, bounds: Bounds): Promise<HttpResponse> {
    const agent = this.#agent ?? (await this.#open());
    return new Promise((resolve, reject) => {
      const answer = new WholeBody(bounds, resolve, reject);
      try {
        agent.dispatch(asked, answer);
      } catch (error) {
        answer.fail(error);
      }
    });
  }

  /** Returns a response whose body is read part by part. */
  async open(asked: HttpRequest): Promise<OpenResponse> {
    const agent = this.#agent ?? (await this.#open());
    const { statusCode: status, headers, body } = await agent.request(asked);
    return { status, headers, body, drop: () => void body.on("error", ignore).destroy() };
  }

  async #open(): Promise<Agent> {
    const { Agent } = await import("undici");
    // undici reuses a connection only in the next turn of the event loop. With one connection per request, all that are answered
    // in the same turn would wait for the last of them.
    this.#agent ??= new Agent({
      connections: 2 * this.#concurrency,
      headersTimeout: responseMilliseconds,
      bodyTimeout: responseMilliseconds,
    });
    return this.#agent;
  }
}

function ignore(): void {}
