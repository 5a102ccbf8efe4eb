import type { Exchange } from "../http/exchange";
import type { Reply } from "../http/reply";
import type { Version } from "../store/version";
import type { FaultEffect, FaultRequest } from "./fault";

/** A fault in the same process can be any function: it returns a reply, or nothing to let the request pass. */
export type FaultCall = (exchange: Exchange) => undefined | Reply | Promise<undefined | Reply>;

/** Adds a fault whose effect is a function. */
export type FaultCallRequest = Omit<FaultRequest, "effect"> & { readonly effect: { readonly kind: "call"; readonly call: FaultCall } };

export type ActiveEffect = FaultEffect | FaultCallRequest["effect"];

/** A fault that strikes a request. */
export interface ActiveFault {
  readonly id: string;
  readonly effect: ActiveEffect;
  /** For `stale-list`: the lists when the fault was added. */
  readonly oldLists: ReadonlyMap<number, readonly Version[]> | undefined;
}
