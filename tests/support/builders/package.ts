import { createHash } from "node:crypto";
import type { Child, Inventory, Manifest, Version } from "../../../components/model/inventory";

/** The day as of which tests plan, and its start. */
export const today = "2026-11-23";
export const moment = Date.parse("2026-11-23T00:00:00Z");
export const hour = 3_600_000;
export const day = 24 * hour;

/** A version with its manifest, before the package numbers it. */
export interface Entry {
  readonly name: string;
  readonly version: Omit<Version, "id">;
  readonly manifest: Manifest | undefined;
}

export interface EntryOptions {
  readonly tags?: readonly string[];
  /** Created so many days before today; 100 unless told. */
  readonly days?: number;
  /** Last changed so many days before today; as created unless told. */
  readonly updatedDays?: number;
  readonly subject?: string;
  readonly artifactType?: string;
}

/** Every test names its versions; the digest follows from the name. */
export function digestOf(name: string): string {
  return `sha256:${createHash("sha256").update(name).digest("hex")}`;
}

/** `sha256-<hex>`, the tag under which clients look for what refers to a version. */
export function fallbackTagOf(name: string): string {
  return digestOf(name).replace(":", "-");
}

export function image(name: string, options: EntryOptions = {}): Entry {
  return { name, version: versionOf(name, options), manifest: manifestOf(options) };
}

export function index(name: string, children: readonly (string | Child)[], options: EntryOptions = {}): Entry {
  const listed = children.map((child) => (typeof child === "string" ? childOf(child) : child));
  return { name, version: versionOf(name, options), manifest: { ...manifestOf(options), index: true, children: listed } };
}

/** Listed by GitHub and not read from the registry. */
export function unread(name: string, options: EntryOptions = {}): Entry {
  return { name, version: versionOf(name, options), manifest: undefined };
}

export function childOf(name: string, label = "linux/amd64"): Child {
  return { digest: digestOf(name), index: false, label };
}

export function indexChildOf(name: string): Child {
  return { digest: digestOf(name), index: true, label: "index" };
}

export function packageOf(...entries: readonly Entry[]): Inventory {
  return {
    package: { owner: "logto-io", name: "logto" },
    now: moment + 5 * hour,
    versions: entries.map(({ version }, place) => ({ id: place + 1, ...version })),
    manifests: new Map(entries.flatMap(({ version, manifest }) => (manifest ? [[version.digest, manifest] as const] : []))),
  };
}

/** The world after somebody deleted these versions. */
export function without(inventory: Inventory, digests: Iterable<string>): Inventory {
  const gone = new Set(digests);
  const versions = inventory.versions.filter(({ digest }) => !gone.has(digest));
  return { ...inventory, versions, manifests: new Map([...inventory.manifests].filter(([digest]) => !gone.has(digest))) };
}

/** The names behind digests, sorted, for assertions that people can read. */
export function namesOf(digests: Iterable<string>, ...entries: readonly Entry[]): string[] {
  const names = new Map(entries.map(({ name }) => [digestOf(name), name]));
  return [...digests].map((digest) => names.get(digest) ?? digest).sort();
}

function versionOf(name: string, { tags = [], days = 100, updatedDays = days }: EntryOptions): Omit<Version, "id"> {
  return { digest: digestOf(name), tags, createdAt: moment - days * day, updatedAt: moment - updatedDays * day };
}

function manifestOf({ subject, artifactType }: EntryOptions): Manifest {
  return {
    index: false,
    children: [],
    ...(subject === undefined ? {} : { subject: digestOf(subject) }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}
