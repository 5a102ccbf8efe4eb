import { pagingOf } from "../github/pagination";
import type { Exchange } from "../http/exchange";
import type { ActiveEffect } from "./active-fault";

const list = /^\/api\/.*\/versions$/;
const aboutOne = /\/versions\/\d+(?:\/restore)?$|\/manifests\/[^/]+$/;

/** Whether the effect makes sense for the request; other requests pass without using up the fault. */
export function applies(effect: ActiveEffect, { method, path, query }: Exchange): boolean {
  switch (effect.kind) {
    case "stale-list":
      return method === "GET" && list.test(path);
    case "duplicate-page":
    case "shifted-page":
      return method === "GET" && list.test(path) && pagingOf(query).page > 1;
    case "stale-read":
      return method === "GET" || method === "HEAD";
    case "refuse":
      return method === "DELETE";
    case "vanish":
      return effect.versions !== undefined || aboutOne.test(path);
    case "wrong-digest":
    case "truncate":
      return method === "GET";
    default:
      return true;
  }
}
