import type { Exchange } from "../http/exchange";
import type { Store } from "../store/store";
import type { Caller } from "./sign-in";

/** An authorised request to one repository. */
export interface Visit {
  readonly store: Store;
  readonly exchange: Exchange;
  readonly repository: string;
  readonly caller: Caller;
}
