import type { TokenKind } from "../store/tokens";

/** `foreign` is the other host that GHCR's referrers API redirects to; no client should send a request there. */
export type Surface = "api" | "registry" | "foreign";

/** A request and its status. The token itself is never logged. */
export interface LoggedRequest {
  readonly surface: Surface;
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  /** 0 when the connection was dropped. */
  readonly status: number;
  /** The real time of arrival, for measuring rates. */
  readonly at: string;
  /** The sandbox's time at the arrival. */
  readonly clock: string;
  /** Milliseconds until the reply was ready. */
  readonly took: number;
  readonly token: TokenKind | "anonymous" | "unknown";
  /** The ids of the faults that struck. */
  readonly faults: readonly string[];
}

export class RequestLog {
  #entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
  }

  all(): readonly LoggedRequest[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
  }
}
