import type { Exchange } from "../http/exchange";
import type { Store } from "../store/store";
import type { Caller } from "./sign-in";

/** A request to one repository by a caller who may make it. */
export interface Visit {
  readonly store: Store;
  readonly exchange: Exchange;
  readonly repository: string;
  readonly caller: Caller;
}
