import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { Dispatcher } from "undici";
import type { BodyFlaw, Headers, HttpAnswer } from "./answer";

export interface Bounds {
  /** Of the body of an answer with this status; of 0 nothing is wanted. */
  readonly bytes: (status: number) => number;
  /** For the answer to begin, and then for its body. */
  readonly milliseconds: number;
}

/** No answer began in time. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** Some proxies compress although nobody asks for it. */
const inflaters: ReadonlyMap<unknown, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = new Map([
  ["gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
]);

const nothing = Buffer.alloc(0);

/** Collects an answer while it comes: without a stream, which takes longer than the answer itself. */
export class WholeBody implements Dispatcher.DispatchHandler {
  readonly #bounds: Bounds;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Headers = {};
  #most = 0;
  #size = 0;
  #parts: Buffer[] = [];
  #isSettled = false;

  constructor(bounds: Bounds, resolve: (answer: HttpAnswer) => void, reject: (error: unknown) => void) {
    this.#bounds = bounds;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#late(), bounds.milliseconds);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection longer than it may.
    if (this.#isSettled) this.#drop();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // What comes before the answer itself, such as 103.
    if (status >= 100 && status < 200) return;
    this.#timer.refresh();
    this.#status = status;
    this.#headers = headers;
    this.#most = this.#bounds.bytes(status);
    if (this.#most === 0) this.#end(nothing);
  }

  onResponseData(_controller: Dispatcher.DispatchController, part: Buffer): void {
    this.#size += part.byteLength;
    if (this.#size > this.#most) this.#end("too long");
    else this.#parts.push(part);
  }

  onResponseEnd(): void {
    const body = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    const inflater = body.length === 0 ? undefined : inflaters.get(this.#headers["content-encoding"]);
    if (inflater === undefined) this.#end(body);
    else
      inflater(body, { maxOutputLength: this.#most }).then(
        (whole) => this.#end(whole),
        (error) => this.#end(flawOf(error)),
      );
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#status === 0) this.fail(error);
    else this.#end("broken off");
  }

  /** None will begin. */
  fail(error: unknown): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#reject(error);
    this.#drop();
  }

  #late(): void {
    if (this.#status === 0) this.fail(new NoAnswer(`no answer in ${this.#bounds.milliseconds} ms`));
    else this.#end("too slow");
  }

  #end(body: Buffer | BodyFlaw): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#resolve({ status: this.#status, headers: this.#headers, body });
    if (body === nothing || typeof body === "string") this.#drop();
  }

  #settle(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
  }

  /** Closes what nobody wants more of: it may never end, and would keep the process running. */
  #drop(): void {
    this.#parts = [];
    this.#controller?.abort(new Error("not wanted"));
  }
}

function flawOf(error: NodeJS.ErrnoException): BodyFlaw {
  return error.code === "ERR_BUFFER_TOO_LARGE" ? "too long" : "broken off";
}
