import { setTimeout as sleep } from "node:timers/promises";
import { refusals } from "../github/refusals";
import type { Exchange } from "../http/exchange";
import { json, type Reply } from "../http/reply";
import { ociError } from "../registry/oci-errors";
import { seed } from "../store/seeding";
import type { Store } from "../store/store";
import type { ActiveEffect, ActiveFault } from "./active-fault";
import { victimsOf } from "./victims";

export type Struck = Reply | "drop" | undefined;

/** Applies a fault before the request is handled; with a reply, it is not handled at all. */
export async function strikeBefore(store: Store, fault: ActiveFault, exchange: Exchange): Promise<Struck> {
  const { effect } = fault;
  switch (effect.kind) {
    case "status":
      return effect.handled ? undefined : replyOf(effect);
    case "drop":
      return effect.handled ? undefined : "drop";
    case "delay":
      await sleep(effect.ms);
      return undefined;
    case "stale-list":
      if (fault.oldLists !== undefined) exchange.bent.oldLists = fault.oldLists;
      return undefined;
    case "stale-read":
      exchange.bent.deletedStillThere = true;
      return undefined;
    case "shifted-page":
      exchange.bent.shift = effect.by;
      return undefined;
    case "duplicate-page":
      exchange.bent.repeatPage = true;
      return undefined;
    case "refuse":
      return refusal(effect.reason);
    case "vanish":
      for (const { pkg, version } of victimsOf(store, exchange, effect.versions)) store.delete(pkg, version);
      return undefined;
    case "token-expiry":
      if (exchange.token !== undefined) exchange.token.expiresAt = store.clock.now();
      store.journal.settingsChanged();
      return undefined;
    case "push":
      if (!effect.handled) seed(store, effect.versions);
      return undefined;
    case "rate-limit":
      return rateLimit(store, effect, exchange);
    case "call":
      return effect.call(exchange);
    default:
      return undefined;
  }
}

export function replyOf({ status, body, headers }: Extract<ActiveEffect, { kind: "status" }>): Reply {
  if (typeof body === "string") return { status, headers: { "content-type": "text/plain", ...headers }, body };
  return json(status, body ?? { message: "A fault of the sandbox", status: String(status) }, headers);
}

function refusal(reason: Extract<ActiveEffect, { kind: "refuse" }>["reason"]): Reply {
  if (reason === "downloads") return refusals.tooManyDownloads();
  if (reason === "last-tagged") return refusals.lastTaggedVersion();
  if (reason === "last-version") return refusals.lastVersion();
  return reason === "not-admin" ? refusals.packageNotFound() : refusals.versionNotFound();
}

function rateLimit(store: Store, effect: Extract<ActiveEffect, { kind: "rate-limit" }>, exchange: Exchange): Reply {
  const { limit, status, retryAfterSeconds, resetAfterSeconds } = effect;
  const headers: Record<string, string> = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  if (exchange.surface === "registry") {
    return ociError(429, "TOOMANYREQUESTS", "retry-after: 1.16676ms, allowed: 44000/minute", headers);
  }
  if (limit === "secondary") return { ...refusals.secondaryLimit(headers), status };
  headers["x-ratelimit-remaining"] = "0";
  headers["x-ratelimit-reset"] = String(Math.ceil(store.clock.now() / 1000 + resetAfterSeconds));
  return { ...refusals.primaryLimit(exchange.token?.kind, headers), status };
}
