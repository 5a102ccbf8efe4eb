import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Control } from "./control/answer";
import type { ActiveFault } from "./faults/active-fault";
import { type Departure, strikeAfter } from "./faults/after";
import { strikeBefore } from "./faults/before";
import type { FaultBook } from "./faults/fault-book";
import type { GitHubApi } from "./github/answer";
import type { RateLimiter } from "./github/limits";
import { readBody } from "./http/body";
import { type Exchange, exchangeOf } from "./http/exchange";
import { json, type Reply, reply } from "./http/reply";
import type { RequestLog } from "./http/request-log";
import { writeReply } from "./http/write-reply";
import type { Registry } from "./registry/answer";
import type { Store } from "./store/store";

export interface Parts {
  readonly store: Store;
  readonly api: GitHubApi;
  readonly registry: Registry;
  readonly control: Control;
  readonly faults: FaultBook;
  readonly log: RequestLog;
  readonly limiter: RateLimiter;
  readonly latency: { api: number; registry: number };
}

/** Serves every request to the sandbox: waits for the latency, applies faults, answers, and writes the log. */
export function front(parts: Parts): RequestListener {
  const date = httpDate(parts.store);
  return (request, response) => {
    serve(parts, request, response, date).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else writeReply(response, json(500, { message: String(error) }), { date: date() });
    });
  };
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse, date: () => string): Promise<void> {
  const { method = "GET", url = "/", headers } = request;
  const body = method === "GET" || method === "HEAD" ? Buffer.alloc(0) : await readBody(request);
  const exchange = exchangeOf({ method, url, headers, body });
  if (exchange.path.startsWith("/_sandbox")) {
    const answer = await parts.control.answer(exchange);
    parts.store.journal.commit();
    return writeReply(response, answer, { date: date() });
  }
  const { drop, reply: answer, cutAt } = await depart(parts, exchange);
  if (drop) response.destroy();
  else writeReply(response, answer, { date: date(), isHead: method === "HEAD", cutAt });
}

/** Answers a request to GitHub's API or the registry, faults and log included. */
export async function depart(parts: Parts, exchange: Exchange): Promise<Departure> {
  const arrived = performance.now();
  const at = new Date().toISOString();
  const clock = new Date(parts.store.clock.now()).toISOString();
  const wait = exchange.surface === "api" ? parts.latency.api : parts.latency.registry;
  parts.limiter.underWay += 1;
  try {
    if (wait > 0) await sleep(wait);
    const struck = parts.faults.strike(exchange);
    const departure = struck.length === 0 ? whole(answer(parts, exchange)) : await answerStruck(parts, exchange, struck);
    parts.store.journal.commit();
    parts.log.add({
      surface: exchange.surface,
      method: exchange.method,
      path: exchange.url,
      status: departure.drop ? 0 : departure.reply.status,
      at,
      clock,
      took: Math.round((performance.now() - arrived) * 10) / 10,
      token: exchange.token?.kind ?? (exchange.caller === "unknown" ? "unknown" : "anonymous"),
      faults: struck.map(({ id }) => id),
    });
    return departure;
  } finally {
    parts.limiter.underWay -= 1;
  }
}

function answer(parts: Parts, exchange: Exchange): Reply {
  if (exchange.surface === "api") return parts.api.answer(exchange);
  if (exchange.path === "/token" || exchange.path === "/v2" || exchange.path.startsWith("/v2/")) return parts.registry.answer(exchange);
  return reply(404, { "content-type": "text/plain" }, "This is a sandbox: /api, /v2/ and /_sandbox/ are all there is.\n");
}

async function answerStruck(parts: Parts, exchange: Exchange, struck: readonly ActiveFault[]): Promise<Departure> {
  exchange.token = exchange.surface === "api" ? parts.api.tokenOf(exchange) : parts.registry.tokenOf(exchange);
  for (const fault of struck) {
    const instead = await strikeBefore(parts.store, fault, exchange);
    if (instead === "drop") return { reply: reply(0), drop: true, cutAt: undefined };
    if (instead === undefined) continue;
    // Only GitHub's own refusals carry the headers of the limits, not those of a proxy in front of it.
    const ownRefusal = fault.effect.kind === "rate-limit" || fault.effect.kind === "refuse";
    if (ownRefusal && exchange.surface === "api" && exchange.token !== undefined) {
      instead.headers = { ...parts.api.limitHeaders(exchange.token, instead), ...instead.headers };
    }
    return whole(instead);
  }
  const departure = whole(answer(parts, exchange));
  for (const fault of struck) strikeAfter(parts.store, fault, departure);
  return departure;
}

function whole(answer: Reply): Departure {
  return { reply: answer, drop: false, cutAt: undefined };
}

/** Formats the sandbox's time as a `Date` header, once per second. */
export function httpDate(store: Store): () => string {
  let second = Number.NaN;
  let text = "";
  return () => {
    const now = Math.floor(store.clock.now() / 1000);
    if (now !== second) {
      second = now;
      text = new Date(now * 1000).toUTCString();
    }
    return text;
  };
}
