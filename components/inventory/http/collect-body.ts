import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { Dispatcher } from "undici";
import type { BodyFlaw, Headers, HttpResponse } from "./response";

export interface Bounds {
  /** Maximum size of the body of a response with this status; 0 reads none. */
  readonly bytes: (status: number) => number;
  /** For the response to begin, and again for its body. */
  readonly milliseconds: number;
}

/** No response began in time. */
export class NoResponse extends Error {
  override readonly name = "NoResponse";
}

/** Some proxies compress without being asked to. */
const inflaters: ReadonlyMap<unknown, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = new Map([
  ["gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
]);

const nothing = Buffer.alloc(0);

/** Collects a response as it arrives, without a stream, which would take longer than the response itself. */
export class WholeBody implements Dispatcher.DispatchHandler {
  readonly #bounds: Bounds;
  readonly #resolve: (answer: HttpResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Headers = {};
  #maxBytes = 0;
  #size = 0;
  #parts: Buffer[] = [];
  #isSettled = false;

  constructor(bounds: Bounds, resolve: (answer: HttpResponse) => void, reject: (error: unknown) => void) {
    this.#bounds = bounds;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#timeOut(), bounds.milliseconds);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited too long for a connection.
    if (this.#isSettled) this.#drop();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // An informational response, such as 103, precedes the response itself.
    if (status >= 100 && status < 200) return;
    this.#timer.refresh();
    this.#status = status;
    this.#headers = headers;
    this.#maxBytes = this.#bounds.bytes(status);
    if (this.#maxBytes === 0) this.#end(nothing);
  }

  onResponseData(_controller: Dispatcher.DispatchController, part: Buffer): void {
    this.#size += part.byteLength;
    if (this.#size > this.#maxBytes) this.#end("too long");
    else this.#parts.push(part);
  }

  onResponseEnd(): void {
    const body = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    const inflater = body.length === 0 ? undefined : inflaters.get(this.#headers["content-encoding"]);
    if (inflater === undefined) this.#end(body);
    else
      inflater(body, { maxOutputLength: this.#maxBytes }).then(
        (whole) => this.#end(whole),
        (error) => this.#end(flawOf(error)),
      );
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#status === 0) this.fail(error);
    else this.#end("broken off");
  }

  /** Rejects: no response will begin. */
  fail(error: unknown): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#reject(error);
    this.#drop();
  }

  #timeOut(): void {
    if (this.#status === 0) this.fail(new NoResponse(`no response in ${this.#bounds.milliseconds} ms`));
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

  /** Aborts the rest, which may never end and would keep the process running. */
  #drop(): void {
    this.#parts = [];
    this.#controller?.abort(new Error("not needed"));
  }
}

function flawOf(error: NodeJS.ErrnoException): BodyFlaw {
  return error.code === "ERR_BUFFER_TOO_LARGE" ? "too long" : "broken off";
}
