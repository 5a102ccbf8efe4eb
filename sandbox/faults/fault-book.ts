import type { Exchange } from "../http/exchange";
import type { Store } from "../store/store";
import type { Version } from "../store/version";
import type { ActiveFault, FaultCallRequest } from "./active-fault";
import { applies } from "./applies";
import { Fault, type FaultRequest } from "./fault";

interface Entry extends ActiveFault {
  readonly matches: (exchange: Exchange) => boolean;
  passes: number;
  strikes: number;
  struck: number;
}

export interface FaultCount {
  readonly id: string;
  readonly kind: string;
  readonly struck: number;
}

export class FaultBook {
  #entries: Entry[] = [];
  #count = 0;

  constructor(readonly store: Store) {}

  add(request: FaultRequest | FaultCallRequest): string {
    const call = request.effect.kind === "call" ? request.effect : undefined;
    // The other properties are checked in the same way, whatever the effect.
    const fault = Fault.parse(call === undefined ? request : { ...request, effect: { kind: "stale-read" } });
    this.#count += 1;
    const id = fault.id ?? `fault-${this.#count}`;
    const oldLists = fault.effect.kind === "stale-list" ? listsNow(this.store) : undefined;
    this.#entries.push({
      id,
      effect: call ?? fault.effect,
      oldLists,
      matches: matcher(fault),
      passes: fault.after,
      strikes: fault.times ?? Number.POSITIVE_INFINITY,
      struck: 0,
    });
    return id;
  }

  clear(): void {
    this.#entries = [];
  }

  remove(id: string): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }

  /** Returns how often each fault struck so far. */
  counts(): FaultCount[] {
    return this.#entries.map(({ id, effect, struck }) => ({ id, kind: effect.kind, struck }));
  }

  /** Returns the faults that strike this request, and counts each use. */
  strike(exchange: Exchange): readonly ActiveFault[] {
    if (this.#entries.length === 0) return [];
    return this.#entries.filter((entry) => {
      if (entry.struck >= entry.strikes || !applies(entry.effect, exchange) || !entry.matches(exchange)) return false;
      if (entry.passes > 0) {
        entry.passes -= 1;
        return false;
      }
      entry.struck += 1;
      return true;
    });
  }
}

function matcher({ match }: Fault): (exchange: Exchange) => boolean {
  const methods = typeof match.method === "string" ? [match.method] : match.method;
  const pattern = match.pattern === undefined ? undefined : new RegExp(match.pattern);
  return (exchange) =>
    (match.surface === undefined || match.surface === exchange.surface) &&
    (methods === undefined || methods.includes(exchange.method)) &&
    (match.path === undefined || exchange.url.includes(match.path)) &&
    (pattern === undefined || pattern.test(exchange.url));
}

function listsNow(store: Store): Map<number, Version[]> {
  return new Map(store.packages().map((pkg) => [pkg.id, pkg.active.all().map((version) => ({ ...version }))]));
}
