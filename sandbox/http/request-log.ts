import type { TokenKind } from "../store/tokens";

/** `foreign` is the other host that GHCR's referrers redirect points to: nothing should ever arrive there. */
export type Surface = "api" | "registry" | "foreign";

/** One request as it was asked and answered. The token itself is never kept. */
export interface LoggedRequest {
  readonly surface: Surface;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** 0 when the connection was dropped. */
  readonly status: number;
  /** Real time of arrival, so that rates can be measured. */
  readonly at: string;
  /** The sandbox's time then. */
  readonly clock: string;
  /** Milliseconds until the answer was ready. */
  readonly took: number;
  readonly token: TokenKind | "anonymous" | "unknown";
  /** Ids of the faults that struck. */
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
