import type { IncomingHttpHeaders } from "node:http";
import type { Token } from "../store/tokens";
import type { Version } from "../store/version";
import type { Surface } from "./request-log";

/** How faults change the view of one request, without changing the store. */
export interface Bent {
  /** Deleted versions are answered as if they existed. */
  deletedStillThere?: boolean;
  /** Earlier lists by package id, newest first. */
  oldLists?: ReadonlyMap<number, readonly Version[]>;
  /** The number of versions that pages start later, as if newer ones had vanished. */
  shift?: number;
  /** Pages other than the first repeat the previous one. */
  repeatPage?: boolean;
}

/** A parsed request. */
export interface Exchange {
  readonly surface: Surface;
  readonly method: string;
  /** The URL as sent, with its query. */
  readonly url: string;
  /** The path without the query, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly bent: Bent;
  /** Set while the request is handled, for the log. */
  token: Token | undefined;
  caller: "anonymous" | "unknown" | "known";
}

/** A request as it arrives. */
export type Arrival = Pick<Exchange, "method" | "url" | "headers" | "body">;

export function exchangeOf({ method, url, headers, body }: Arrival): Exchange {
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  return {
    surface: path === "/api" || path.startsWith("/api/") ? "api" : "registry",
    method,
    url,
    path,
    query: new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1)),
    headers,
    body,
    bent: {},
    token: undefined,
    caller: "anonymous",
  };
}

/** Returns the path's decoded segments; undefined when one is invalid. */
export function segmentsOf(path: string): string[] | undefined {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
