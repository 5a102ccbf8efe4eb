import { z } from "zod";
import { Fault } from "../faults/fault";
import type { FaultBook } from "../faults/fault-book";
import { Limits, type RateLimiter } from "../github/limits";
import type { Exchange } from "../http/exchange";
import { json, type Reply, reply } from "../http/reply";
import type { RequestLog } from "../http/request-log";
import { SeedVersion, seed } from "../store/seeding";
import type { Store } from "../store/store";
import { SwitchChanges } from "../store/switches";
import { TokenRequest } from "../store/tokens";
import * as command from "./commands";
import { dump } from "./dump";

export interface Controlled {
  readonly store: Store;
  readonly faults: FaultBook;
  readonly log: RequestLog;
  readonly limiter: RateLimiter;
  readonly latency: { api: number; registry: number };
  readonly addresses: { readonly githubApiUrl: string; readonly registryUrl: string; readonly foreignUrl: string };
}

type Handler = (body: unknown) => unknown;

/** Serves `/_sandbox/…`, which controls and inspects the sandbox. */
export class Control {
  readonly #handlers: Readonly<Record<string, Handler>>;

  constructor(parts: Controlled) {
    this.#handlers = handlers(parts);
  }

  answer(exchange: Exchange): Reply {
    const what = `${exchange.method} ${exchange.path.slice("/_sandbox/".length)}`;
    const handler = this.#handlers[what];
    if (handler === undefined) return json(404, { message: `there is no ${what}`, known: Object.keys(this.#handlers) });
    try {
      const answer = handler(exchange.body.length === 0 ? {} : JSON.parse(exchange.body.toString("utf8")));
      return answer === undefined ? reply(204) : json(200, answer);
    } catch (error) {
      if (error instanceof z.ZodError) return json(400, { message: z.prettifyError(error) });
      return json(400, { message: error instanceof Error ? error.message : String(error) });
    }
  }
}

function handlers({ store, faults, log, limiter, latency, addresses }: Controlled): Record<string, Handler> {
  return {
    "GET addresses": () => addresses,
    "POST clock": (body) => {
      command.setClock(store, command.ClockCommand.parse(body));
      return { now: new Date(store.clock.now()).toISOString() };
    },
    "GET clock": () => ({ now: new Date(store.clock.now()).toISOString() }),
    "POST latency": (body) => {
      const wanted = command.LatencyCommand.parse(body);
      Object.assign(latency, "ms" in wanted ? { api: wanted.ms, registry: wanted.ms } : wanted);
    },
    "GET requests": () => log.all(),
    "DELETE requests": () => log.clear(),
    "POST faults": (body) => {
      const wanted = z.array(Fault).parse(Array.isArray(body) ? body : [body]);
      return { ids: wanted.map((one) => faults.add(one)) };
    },
    "GET faults": () => faults.counts(),
    "DELETE faults": () => faults.clear(),
    "POST owners": (body) => command.setOwner(store, command.OwnerCommand.parse(body)),
    "POST deployment-records": (body) => command.reportDeployment(store, command.DeploymentCommand.parse(body)),
    "POST packages": (body) => command.setPackage(store, command.PackageCommand.parse(body)),
    "POST tokens": (body) => ({ token: command.createToken(store, TokenRequest.parse(body)) }),
    "POST switches": (body) => {
      command.setSwitches(store, SwitchChanges.parse(body));
      return store.switches;
    },
    "GET switches": () => store.switches,
    "POST limits": (body) => command.setLimits(limiter, Limits.parse(body)),
    "POST seed": (body) => ({ versions: seed(store, z.strictObject({ versions: z.array(SeedVersion) }).parse(body).versions) }),
    "GET state": () => dump(store),
  };
}
