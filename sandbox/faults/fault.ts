import { z } from "zod";
import { SeedVersion } from "../store/seeding";

/** Which requests a fault may strike. What is left out matches all. */
export const FaultMatch = z.strictObject({
  surface: z.enum(["api", "registry"]).optional(),
  method: z.union([z.string(), z.array(z.string())]).optional(),
  /** A part of the URL's path and query, as it was sent. */
  path: z.string().optional(),
  /** A regular expression for the same. */
  pattern: z.string().optional(),
});

export type FaultMatch = z.infer<typeof FaultMatch>;

/** Versions of a package, by digest, id or tag. */
const Victim = z.strictObject({ package: z.string(), version: z.union([z.string(), z.int()]) });

export const FaultEffect = z.discriminatedUnion("kind", [
  /** Answers with this status. With `handled`, only after the request was carried out: its answer is lost. */
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(200).max(599),
    body: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
    headers: z.record(z.string(), z.string()).default({}),
    handled: z.boolean().default(false),
  }),
  /** Carries it out and answers with another body, or other headers: hostile content. */
  z.strictObject({ kind: z.literal("body"), body: z.string().optional(), headers: z.record(z.string(), z.string()).default({}) }),
  z.strictObject({ kind: z.literal("delay"), ms: z.number().nonnegative() }),
  /** Closes the connection without an answer; with `handled`, after carrying the request out. */
  z.strictObject({ kind: z.literal("drop"), handled: z.boolean().default(false) }),
  /** Announces the whole body, sends the first part of it and closes the connection. */
  z.strictObject({ kind: z.literal("truncate"), bytes: z.int().nonnegative().optional() }),
  /** Changes one byte of the body and keeps the headers. */
  z.strictObject({ kind: z.literal("wrong-digest") }),
  /** A page other than the first repeats the one before. */
  z.strictObject({ kind: z.literal("duplicate-page") }),
  /** A page starts so many items later, as if so many newer ones had vanished. */
  z.strictObject({ kind: z.literal("shifted-page"), by: z.int().positive().default(1) }),
  /** Lists answer as they were when the fault was added. */
  z.strictObject({ kind: z.literal("stale-list") }),
  /** What was deleted still answers, in lists, by id, by digest and by tag. */
  z.strictObject({ kind: z.literal("stale-read") }),
  /** GitHub refuses. */
  z.strictObject({
    kind: z.literal("refuse"),
    reason: z.enum(["downloads", "last-tagged", "last-version", "not-admin", "gone"]).default("downloads"),
  }),
  /** Somebody else deletes versions just before: those named, or the one the request is about. */
  z.strictObject({ kind: z.literal("vanish"), versions: z.array(Victim).optional() }),
  /** The request's token is no good from now on. */
  z.strictObject({ kind: z.literal("token-expiry") }),
  /** Somebody pushes just before the request is carried out, or just after. */
  z.strictObject({ kind: z.literal("push"), versions: z.array(SeedVersion), handled: z.boolean().default(false) }),
  /** A limit of GitHub's, or (surface `registry`) GHCR's, with or without saying for how long. */
  z.strictObject({
    kind: z.literal("rate-limit"),
    limit: z.enum(["primary", "secondary"]).default("secondary"),
    status: z.union([z.literal(403), z.literal(429)]).default(403),
    retryAfterSeconds: z.number().nonnegative().optional(),
    /** For the primary limit: when `x-ratelimit-reset` lies, from now. */
    resetAfterSeconds: z.number().default(60),
  }),
]);

export type FaultEffect = z.infer<typeof FaultEffect>;

/**
 * What `POST /_sandbox/faults` takes, one or a list. An effect that makes sense for some requests only (a stale list, a refusal)
 * waits for one of them.
 */
export const Fault = z.strictObject({
  id: z.string().optional(),
  match: FaultMatch.default({}),
  /** So many matching requests pass first. */
  after: z.int().nonnegative().default(0),
  /** So many matching requests are struck then; null: all of them. */
  times: z.int().positive().nullable().default(1),
  effect: FaultEffect,
});

export type Fault = z.infer<typeof Fault>;

export type FaultRequest = z.input<typeof Fault>;
