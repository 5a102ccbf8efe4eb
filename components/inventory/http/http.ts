import type { Readable } from "node:stream";
import type { Agent, Dispatcher } from "undici";
import type { Headers, HttpAnswer } from "./answer";
import { type Bounds, WholeBody } from "./collect-body";

/** An answer whose body is still to be read, or dropped. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
  /** Closes what nobody wants more of: it may never end, and would keep the process running. */
  drop(): void;
}

export interface HttpRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** Time for an answer to begin, from one part of its body to the next, and for a body that is to be had whole. */
export const answerMilliseconds = 60_000;

/**
 * HTTP for thousands of small answers: undici's dispatcher itself takes an eighth of the time that `fetch` takes for one. No
 * redirect is followed, as it would carry the token elsewhere.
 */
export class HttpClient {
  readonly #atOnce: number;
  /** Made when the first answer is asked for: loading undici takes longer than everything else that a program loads of this package. */
  #agent: Agent | undefined;

  /** For so many requests to a server at once; connections are kept alive between them. */
  constructor(concurrency: number) {
    this.#atOnce = concurrency;
  }

  /** The whole answer, as far as it keeps within the bounds. Rejects where none begins. */
  async ask(asked: HttpRequest, bounds: Bounds): Promise<HttpAnswer> {
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

  /** For a body that is to be read part by part. */
  async open(asked: HttpRequest): Promise<OpenAnswer> {
    const agent = this.#agent ?? (await this.#open());
    const { statusCode: status, headers, body } = await agent.request(asked);
    return { status, headers, body, drop: () => void body.on("error", ignore).destroy() };
  }

  async #open(): Promise<Agent> {
    const { Agent } = await import("undici");
    // undici lets a connection rest until the event loop has gone round once. With one for each request, all that are answered in
    // the same turn would wait for the last of them.
    this.#agent ??= new Agent({ connections: 2 * this.#atOnce, headersTimeout: answerMilliseconds, bodyTimeout: answerMilliseconds });
    return this.#agent;
  }
}

function ignore(): void {}
