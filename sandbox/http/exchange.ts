import type { IncomingHttpHeaders } from "node:http";
import type { Token } from "../store/tokens";
import type { Version } from "../store/version";
import type { Surface } from "./request-log";

/** How a fault bends what a request sees, while what is stored stays as it is. */
export interface Bent {
  /** Versions already deleted answer as if they were there. */
  deletedStillThere?: boolean;
  /** Lists as they were then: per package id, newest first. */
  oldLists?: ReadonlyMap<number, readonly Version[]>;
  /** Pages start so many versions later, as after as many newer ones vanished. */
  shift?: number;
  /** Pages other than the first repeat the page before. */
  repeatPage?: boolean;
}

/** One request, taken apart. */
export interface Exchange {
  readonly surface: Surface;
  readonly method: string;
  /** As it came, with its query. */
  readonly url: string;
  /** Without the query, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly bent: Bent;
  /** Found out on the way, for the log. */
  token: Token | undefined;
  caller: "anonymous" | "unknown" | "known";
}

/** The path's segments, decoded; undefined when one cannot be. */
export function segmentsOf(path: string): string[] | undefined {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
