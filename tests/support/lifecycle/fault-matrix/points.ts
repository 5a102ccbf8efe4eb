import type { FaultMatch } from "../../../../sandbox";
import { images, type World } from "./scene";

export type RequestKind = "owner" | "count" | "list" | "list of deleted" | "manifest" | "head" | "delete" | "restore" | "put tag";

/** A request of some run, which the fault strikes. */
export interface Point {
  readonly name: string;
  /** `undo`: an image is not complete after the deletions. `restore`: the policy names the plan under `restore`. */
  readonly run: "delete" | "undo" | "restore" | "refresh";
  readonly kind: RequestKind;
  readonly match: FaultMatch;
  /** From when on the fault is there: the n-th deletion, restoration or push, before it is carried out. */
  readonly since: "the program's look" | "the apply" | { readonly method: "DELETE" | "POST" | "PUT"; readonly count: number };
  /** So many such requests pass first. */
  readonly after?: number;
  readonly world?: World;
}

export const requests = {
  owner: { surface: "api", method: "GET", pattern: "/users/acme$" },
  count: { surface: "api", method: "GET", pattern: "/container/app$" },
  list: { surface: "api", method: "GET", path: "state=active" },
  "list of deleted": { surface: "api", method: "GET", path: "state=deleted" },
  manifest: { surface: "registry", method: "GET", path: "/manifests/" },
  head: { surface: "registry", method: "HEAD", path: "/manifests/" },
  delete: { surface: "api", method: "DELETE" },
  restore: { surface: "api", method: "POST" },
  "put tag": { surface: "registry", method: "PUT", path: "/manifests/" },
} as const satisfies Record<RequestKind, FaultMatch>;

/** How many versions the usual plan deletes, and the first batch of a long one. */
export const usualDeletions = 5;
const firstBatch = 29;

type Details = Pick<Point, "run" | "since"> & Partial<Pick<Point, "match" | "after" | "world">>;

function point(name: string, kind: RequestKind, details: Details): Point {
  return { name, kind, match: requests[kind], ...details };
}

function lookPoints(who: string, since: Point["since"]): Point[] {
  const at = (what: string, kind: RequestKind, after?: number) =>
    point(`${who}: ${what}`, kind, { run: "delete", since, ...(after === undefined ? {} : { after }) });
  return [
    at("owner", "owner"),
    at("count", "count"),
    at("list", "list"),
    at("list of deleted", "list of deleted"),
    at("manifest of a tag", "manifest"),
    at("untagged manifest", "manifest", 3),
  ];
}

const betweenBatches = { run: "delete", world: "several batches", since: { method: "DELETE", count: firstBatch } } as const;
const afterDeletions = { run: "delete", since: { method: "DELETE", count: usualDeletions } } as const;
const undoing = { run: "undo", since: "the apply" } as const;
const undone = { run: "undo", since: { method: "POST", count: usualDeletions } } as const;
const restoring = { run: "restore", since: "the apply" } as const;
const restored = { run: "restore", since: { method: "POST", count: usualDeletions } } as const;

/** Every kind of request of every part of the life cycle. */
export const points: readonly Point[] = [
  ...lookPoints("program's look", "the program's look"),
  ...lookPoints("apply's look", "the apply"),
  point("apply's look: first page again", "list", { run: "delete", since: "the apply", after: 1 }),
  point("apply: tag that stays", "head", { run: "delete", since: "the apply", match: { ...requests.head, pattern: "/manifests/prod$" } }),
  point("apply: first deletion", "delete", { run: "delete", since: "the apply" }),
  point("apply: later deletion", "delete", { run: "delete", since: "the apply", after: 3 }),
  point("between batches: count", "count", betweenBatches),
  point("between batches: list", "list", betweenBatches),
  point("between batches: list of deleted", "list of deleted", betweenBatches),
  point("between batches: tag that stays", "head", { ...betweenBatches, match: { ...requests.head, pattern: "/manifests/prod$" } }),
  point("between batches: next deletion", "delete", { ...betweenBatches, after: 1 }),
  // All are asked for side by side, so that any could come first.
  point("verification: manifest", "head", {
    ...afterDeletions,
    match: { ...requests.head, pattern: `/manifests/${images.prod.index.digest}$` },
  }),
  point("verification: list", "list", { ...afterDeletions, after: 1 }),
  point("undo: first restoration", "restore", undoing),
  point("undo: later restoration", "restore", { ...undoing, after: 3 }),
  point("undo: verification", "head", undone),
  point("undo: list", "list", undone),
  point("restore: list of deleted", "list of deleted", restoring),
  point("restore: first restoration", "restore", restoring),
  point("restore: later restoration", "restore", { ...restoring, after: 3 }),
  point("restore: is it served", "head", restored),
  point("restore: list", "list", restored),
  point("restore: manifest to tag", "manifest", restored),
  point("restore: tag", "put tag", restoring),
  point("restore: pull", "manifest", { run: "restore", since: { method: "PUT", count: 1 } }),
  point("refresh: count", "count", { run: "refresh", since: "the apply" }),
  point("refresh: list", "list", { run: "refresh", since: "the apply" }),
];
