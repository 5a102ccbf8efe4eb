import { Agent, type Dispatcher } from "undici";

/** A request that a client has sent and nobody has answered yet. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Gives the client its answer; `undefined` breaks the connection. */
  deliver(answer: Answer | undefined): void;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A handler as undici's own `request` has it, below its public interface. */
interface StreamHandler {
  onConnect(abort: () => void): void;
  onHeaders(status: number, headers: readonly Buffer[], resume: () => void, text: string): boolean;
  onData(part: Buffer): boolean;
  onComplete(trailers: readonly Buffer[]): void;
  onError(error: Error): void;
}

/** Hands every request of this process to `send` instead of a socket, until the returned function is called. */
export function interceptRequests(send: (request: SentRequest) => void): () => void {
  const { dispatch } = Agent.prototype;
  Agent.prototype.dispatch = (options, handler) => {
    const { method, path, headers, body } = options;
    send({
      method,
      url: path,
      headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)])),
      body: body === undefined || body === null ? Buffer.alloc(0) : Buffer.from(body as Buffer | string),
      deliver: (answer) =>
        handler.onRequestStart === undefined ? toStream(handler as unknown as StreamHandler, answer) : toHandler(handler, answer),
    });
    return true;
  };
  return () => {
    Agent.prototype.dispatch = dispatch;
  };
}

const controller = {
  aborted: false,
  paused: false,
  reason: null,
  pause: ignore,
  resume: ignore,
  abort: ignore,
} as unknown as Dispatcher.DispatchController;

function toHandler(handler: Dispatcher.DispatchHandler, answer: Answer | undefined): void {
  handler.onRequestStart?.(controller, {});
  if (answer === undefined) {
    handler.onResponseError?.(controller, new Error("socket hang up"));
    return;
  }
  handler.onResponseStart?.(controller, answer.status, { ...answer.headers });
  if (answer.body.length > 0) handler.onResponseData?.(controller, answer.body);
  handler.onResponseEnd?.(controller, {});
}

/** The handler of `Agent.request`, whose caller reads the body as a stream. */
function toStream(handler: StreamHandler, answer: Answer | undefined): void {
  handler.onConnect(ignore);
  if (answer === undefined) {
    handler.onError(new Error("socket hang up"));
    return;
  }
  const headers = Object.entries(answer.headers).flatMap(([name, value]) => [Buffer.from(name), Buffer.from(value)]);
  handler.onHeaders(answer.status, headers, ignore, "");
  if (answer.body.length > 0) handler.onData(answer.body);
  handler.onComplete([]);
}

function ignore(): void {}
