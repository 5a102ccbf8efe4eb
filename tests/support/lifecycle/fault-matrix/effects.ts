import type { FaultMatch, FaultRequest } from "../../../../sandbox";
import type { Point, RequestKind } from "./points";
import { indexOverApproved, newImages, repository, type Scene, tagOnApproved, type World } from "./scene";

/** Columns of the matrix. */
export const kinds = [
  "status",
  "drop",
  "delay",
  "truncate",
  "wrong digest",
  "pages",
  "stale",
  "refuse",
  "vanish",
  "push",
  "token",
  "limit",
] as const;

export interface Effect {
  readonly name: string;
  readonly kind: (typeof kinds)[number];
  readonly strikes: (point: Point) => boolean;
  readonly effect: FaultRequest["effect"] | ((scene: Scene) => FaultRequest["effect"]);
  /** Strikes these requests of the point only. */
  readonly match?: FaultMatch;
  /** For good unless told. */
  readonly times?: number;
  readonly world?: World;
  /** What somebody does just after the fault is there. */
  readonly afterwards?: (scene: Scene) => void;
}

type Extra = Partial<Pick<Effect, "times" | "world" | "afterwards" | "match">>;
type OneEffect = Effect["effect"];

function effect(kind: Effect["kind"], name: string, strikes: Effect["strikes"], what: OneEffect, extra: Extra = {}): Effect {
  return { kind, name, strikes, effect: what, ...extra };
}

const writes: readonly RequestKind[] = ["delete", "restore", "put tag"];
const anywhere = () => true;
const at =
  (...those: readonly RequestKind[]) =>
  ({ kind }: Point) =>
    those.includes(kind);
const atRead = (point: Point) => !at(...writes)(point);
const atBody = (point: Point) => atRead(point) && point.kind !== "head";
const atPages = (point: Point) => at("list")(point) && point.world === undefined && point.name !== "apply's look: first page again";
const inRegistry = ({ match }: Point) => match.surface === "registry";
const inApi = ({ match }: Point) => match.surface === "api";
/** While the plan is carried out: before that the program would see it, and the plan with it. */
const inApply = ({ run, since }: Point) => run === "delete" && since !== "the program's look";

const garbage = "<!DOCTYPE html><title>Unicorn!</title>";
const forbidden = "`acme` forbids access via a personal access token (classic). Please use a GitHub App.";
const limited = "API rate limit exceeded for installation ID 17536452.";
const status = (code: number, body?: string | Record<string, string>) => ({
  kind: "status" as const,
  status: code,
  ...(body === undefined ? {} : { body }),
});

export const effects: readonly Effect[] = [
  effect("status", "401", anywhere, status(401, { message: "Bad credentials" })),
  effect("status", "403", anywhere, status(403, { message: "Resource not accessible by integration" })),
  effect("status", "403, classic tokens are forbidden", anywhere, status(403, { message: forbidden })),
  effect("status", "404", anywhere, status(404, { message: "Package not found." })),
  effect("status", "400 with a text that nobody has seen", at("restore"), status(400, { message: "It is Sunday." })),
  effect("status", "400 with a page", at("delete", "restore"), status(400, garbage)),
  effect("status", "502 with a page", anywhere, status(502, garbage)),
  effect("status", "500", anywhere, status(500)),
  effect("status", "500 once", anywhere, status(500), { times: 1 }),
  effect("status", "200 with something else", anywhere, status(200, garbage)),
  effect("status", "redirect to another host", inRegistry, {
    kind: "status",
    status: 307,
    headers: { location: "http://localhost:9/" },
  }),
  effect("status", "done, and answered with 502", at(...writes), { kind: "status", status: 502, handled: true }, { times: 1 }),
  effect("drop", "no answer", anywhere, { kind: "drop" }),
  effect("drop", "no answer once", anywhere, { kind: "drop" }, { times: 1 }),
  effect("drop", "done, and no answer", at(...writes), { kind: "drop", handled: true }, { times: 1 }),
  effect("delay", "late", anywhere, { kind: "delay", ms: 20 }, { times: 2 }),
  effect("truncate", "answer in part", atBody, { kind: "truncate", bytes: 5 }),
  effect("truncate", "answer in part once", atBody, { kind: "truncate" }, { times: 1 }),
  effect("wrong digest", "altered answer", atBody, { kind: "wrong-digest" }),
  effect("pages", "duplicate page", atPages, { kind: "duplicate-page" }, { world: "several pages" }),
  effect("pages", "no page of 100", at("list", "list of deleted"), status(502, garbage), { match: { pattern: "per_page=100" } }),
  effect("pages", "shifted page", atPages, { kind: "shifted-page" }, { world: "several pages" }),
  effect("stale", "list as it was", at("list"), { kind: "stale-list" }, { afterwards: moveTag }),
  effect("stale", "deleted, and still there", atRead, { kind: "stale-read" }),
  ...(["downloads", "last-tagged", "last-version", "not-admin", "gone"] as const).map((reason) =>
    effect("refuse", reason, at("delete"), { kind: "refuse", reason }),
  ),
  effect("refuse", "a text that nobody has seen", at("delete"), status(400, { message: "It is Sunday." })),
  effect("vanish", "what it is about", at("delete", "head", "manifest"), { kind: "vanish" }, { times: 1 }),
  effect("vanish", "a part of the plan", inApply, ({ images }) => vanish(images.before.children[0]?.manifest.digest), { times: 1 }),
  effect("vanish", "a part that stays", inApply, ({ images }) => vanish(images.prod.children[0]?.manifest.digest), { times: 1 }),
  effect("push", "an index over approved parts", inApply, { kind: "push", versions: [indexOverApproved] }, { times: 1 }),
  effect("push", "a tag on an approved image", inApply, { kind: "push", versions: [tagOnApproved] }, { times: 1 }),
  effect("push", "another image", inApply, { kind: "push", versions: newImages }, { times: 1 }),
  effect("token", "expires", anywhere, { kind: "token-expiry" }),
  effect("limit", "secondary", inApi, { kind: "rate-limit", status: 429 }, { times: 2 }),
  effect("limit", "primary", inApi, { kind: "rate-limit", limit: "primary", resetAfterSeconds: 1 }, { times: 2 }),
  effect("limit", "told in words only", inApi, status(403, { message: limited }), { times: 2 }),
  effect("limit", "secondary, for ever", inApi, { kind: "rate-limit" }),
  effect("limit", "429 of the registry", inRegistry, { kind: "rate-limit" }, { times: 2 }),
];

function vanish(version: string | undefined): FaultRequest["effect"] {
  return { kind: "vanish", versions: [{ package: repository, version: version ?? "" }] };
}

/** `prod` is put on what the plan deletes. */
function moveTag({ sandbox, stack }: Scene): void {
  if (stack.policy.restore === undefined) sandbox.seed([tagOnApproved]);
}
