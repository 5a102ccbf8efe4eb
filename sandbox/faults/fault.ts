import { z } from "zod";
import { SeedVersion } from "../store/seeding";

/** Selects the requests that a fault may strike. An omitted property matches all. */
export const FaultMatch = z.strictObject({
  surface: z.enum(["api", "registry"]).optional(),
  method: z.union([z.string(), z.array(z.string())]).optional(),
  /** A part of the URL's path and query, as sent. */
  path: z.string().optional(),
  /** A regular expression for the URL's path and query. */
  pattern: z.string().optional(),
});

export type FaultMatch = z.infer<typeof FaultMatch>;

/** Versions of a package, by digest, id or tag. */
const Victim = z.strictObject({ package: z.string(), version: z.union([z.string(), z.int()]) });

export const FaultEffect = z.discriminatedUnion("kind", [
  /** Answers with this status. With `handled`, the request is handled first, and its own reply is lost. */
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(200).max(599),
    body: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
    headers: z.record(z.string(), z.string()).default({}),
    handled: z.boolean().default(false),
  }),
  /** Handles the request and answers with another body or other headers: hostile content. */
  z.strictObject({ kind: z.literal("body"), body: z.string().optional(), headers: z.record(z.string(), z.string()).default({}) }),
  z.strictObject({ kind: z.literal("delay"), ms: z.number().nonnegative() }),
  /** Closes the connection without a reply; with `handled`, after handling the request. */
  z.strictObject({ kind: z.literal("drop"), handled: z.boolean().default(false) }),
  /** Announces the whole body, sends the first part and closes the connection. */
  z.strictObject({ kind: z.literal("truncate"), bytes: z.int().nonnegative().optional() }),
  /** Changes one byte of the body and keeps the headers. */
  z.strictObject({ kind: z.literal("wrong-digest") }),
  /** A page other than the first repeats the previous one. */
  z.strictObject({ kind: z.literal("duplicate-page") }),
  /** A page starts `by` items later, as if as many newer ones had vanished. */
  z.strictObject({ kind: z.literal("shifted-page"), by: z.int().positive().default(1) }),
  /** Lists are answered as they were when the fault was added. */
  z.strictObject({ kind: z.literal("stale-list") }),
  /** Deleted versions are still answered: in lists, by id, by digest and by tag. */
  z.strictObject({ kind: z.literal("stale-read") }),
  /** GitHub refuses the deletion. */
  z.strictObject({
    kind: z.literal("refuse"),
    reason: z.enum(["downloads", "last-tagged", "last-version", "not-admin", "gone"]).default("downloads"),
  }),
  /** Someone else deletes versions just before the request: the named ones, or the one it is about. */
  z.strictObject({ kind: z.literal("vanish"), versions: z.array(Victim).optional() }),
  /** The request's token expires. */
  z.strictObject({ kind: z.literal("token-expiry") }),
  /** Someone pushes just before the request is handled, or with `handled` just after. */
  z.strictObject({ kind: z.literal("push"), versions: z.array(SeedVersion), handled: z.boolean().default(false) }),
  /** A rate limit of GitHub or, on the surface `registry`, of GHCR, with or without a duration. */
  z.strictObject({
    kind: z.literal("rate-limit"),
    limit: z.enum(["primary", "secondary"]).default("secondary"),
    status: z.union([z.literal(403), z.literal(429)]).default(403),
    retryAfterSeconds: z.number().nonnegative().optional(),
    /** For the primary limit: seconds until `x-ratelimit-reset`. */
    resetAfterSeconds: z.number().default(60),
  }),
]);

export type FaultEffect = z.infer<typeof FaultEffect>;

/**
 * The body of `POST /_sandbox/faults`, one or a list. An effect that makes sense only for some requests (a stale list, a refusal)
 * waits for one of them.
 */
export const Fault = z.strictObject({
  id: z.string().optional(),
  match: FaultMatch.default({}),
  /** The number of matching requests that pass first. */
  after: z.int().nonnegative().default(0),
  /** The number of matching requests that are struck then; null for all of them. */
  times: z.int().positive().nullable().default(1),
  effect: FaultEffect,
});

export type Fault = z.infer<typeof Fault>;

export type FaultRequest = z.input<typeof Fault>;
