import { isFoundId } from "../../../../components/approval/found";
import { restorableIn } from "../../../../components/lifecycle/state/ledger";
import type { PolicyInput } from "../../../../components/rules/policy";
import {
  buildImage,
  buildIndex,
  type Content,
  descriptorOf,
  type PlatformImage,
  type Sandbox,
  type SeedVersion,
  startSandbox,
} from "../../../../sandbox";
import { now, policyFor } from "../../engine/world";
import { seedBlobs } from "../seed-blobs";
import { SimulatedStack } from "../simulated-stack";

export const repository = "acme/app";

/** So that what waits for seconds goes on at once. */
const second = 1;

/** `several batches`: more is approved than one batch deletes. `several pages`: more is there than one page lists. */
export type World = "usual" | "several batches" | "several pages";

interface Built {
  readonly index: Content;
  readonly children: readonly PlatformImage[];
}

function built(seed: string, shared: readonly PlatformImage[] = []): Built {
  const children = [...["linux/amd64", "linux/arm64"].slice(shared.length).map((platform) => buildImage(platform, { seed })), ...shared];
  return { index: buildIndex(children.map(({ manifest }) => descriptorOf(manifest))), children };
}

const pr1 = built("pr1");
export const images = {
  pr1,
  /** What carried `prod` before. */
  before: built("before"),
  prod: built("prod"),
  /** Its second platform came out the same as that of `pr1`. */
  main: built("main", pr1.children.slice(1)),
  /** Somebody deleted it by hand. */
  foreign: built("foreign"),
} satisfies Record<string, Built>;
const manyImages = Array.from({ length: 12 }, (_, place) => built(`many ${place}`));
const manyPlatforms = Array.from({ length: 110 }, (_, place) => buildImage("linux/amd64", { seed: `platform ${place}` }));

/** What is on record of each world. */
const records = new Map<World, string>();

/** A package whose plan is approved: all of `pr1` but what `main` shares, and `before`. */
export class Scene {
  /** Digests that the approved plan deletes. */
  approved: ReadonlySet<string> = new Set();
  planId = "";
  /** Digests that somebody else deleted during the run. */
  readonly vanished = new Set<string>();
  readonly images = images;

  private constructor(
    readonly sandbox: Sandbox,
    readonly stack: SimulatedStack,
    readonly world: World,
  ) {}

  static async open(world: World): Promise<Scene> {
    const sandbox = await startSandbox({ now });
    const { pr1, before, prod, main, foreign } = images;
    sandbox.seed([
      ...pushed(pr1, 110, ["pr-1"]),
      ...pushed(before, 80),
      ...pushed(prod, 50, ["prod"]),
      ...pushed(main, 30, ["main-1"]),
      ...pushed(foreign, 20),
      ...(world === "several batches" ? manyImages.flatMap((image, place) => pushed(image, 100, [`pr-${place + 2}`])) : []),
      ...(world === "several pages" ? pushed({ index: indexOf(manyPlatforms), children: manyPlatforms }, 90, ["v1"]) : []),
    ]);
    const children = [...Object.values(images), ...manyImages].flatMap((image) => image.children);
    seedBlobs(
      sandbox,
      repository,
      children.flatMap(({ blobs }) => blobs),
    );
    const policy = policyFor(repository, { limits: { percent: 100 } });
    const scene = new Scene(sandbox, new SimulatedStack(sandbox, policy, second), world);
    for (const { digest } of [foreign.index, ...foreign.children.map(({ manifest }) => manifest)]) scene.deleteByHand(digest);
    scene.vanished.clear();
    scene.stack.token = sandbox.createToken();
    return scene;
  }

  /** Puts the plan on record and approves it. */
  async approve(): Promise<void> {
    const { stack, sandbox, world } = this;
    // The same world gives the same record, but for the addresses, so it is made once.
    const record = records.get(world);
    if (record === undefined) await stack.up();
    else stack.stored = JSON.parse(record.replaceAll("SANDBOX", sandbox.url));
    records.set(world, JSON.stringify(stack.stored).replaceAll(sandbox.url, "SANDBOX"));
    const { pending } = stack.outputs;
    this.planId = pending?.id ?? "";
    this.approved = new Set(Object.keys(pending?.deletions ?? {}));
    this.stack.policy = { ...this.stack.policy, approve: this.planId } satisfies PolicyInput;
    // The next run is a process of its own, whose connection knows nothing yet.
    this.stack.token = this.sandbox.createToken();
  }

  /** The digests that are gone, but for what was gone at the start. */
  gone(): string[] {
    const there = new Set(this.present());
    const foreign = new Set([images.foreign.index.digest, ...images.foreign.children.map(({ manifest }) => manifest.digest)]);
    const deleted = this.#package().deleted.map(({ digest }) => digest);
    return [...new Set(deleted)].filter((digest) => !there.has(digest) && !foreign.has(digest)).sort();
  }

  present(): string[] {
    return this.#package().versions.map(({ digest }) => digest);
  }

  /** The digests that the ledger holds, but for what was gone at the start. */
  ledger(): string[] {
    const recorded = restorableIn(this.stack.outputs.ledger).filter(({ plan }) => !isFoundId(plan));
    return recorded.map(({ digest }) => digest).sort();
  }

  tagsOf(digest: string): readonly string[] {
    return this.#package().versions.find((version) => version.digest === digest)?.tags ?? [];
  }

  /** What the manifest of a digest lists; nothing when it is an image. */
  childrenOf(digest: string): string[] {
    const manifest = this.sandbox.store.find(repository)?.byDigest(digest)?.manifest.toString() ?? "{}";
    const { manifests = [] } = JSON.parse(manifest) as { manifests?: { digest: string }[] };
    return manifests.map((child) => child.digest);
  }

  deleteByHand(digest: string): void {
    const pkg = this.sandbox.store.find(repository);
    const version = pkg?.byDigest(digest);
    if (pkg === undefined || version === undefined) return;
    this.sandbox.store.delete(pkg, version);
    this.vanished.add(digest);
  }

  restoreByHand(digest: string): void {
    const pkg = this.sandbox.store.find(repository);
    const version = pkg?.deletedByDigest(digest);
    if (pkg !== undefined && version !== undefined) this.sandbox.store.restore(pkg, version);
  }

  /** Does something just before the n-th such request is carried out. */
  before(method: "DELETE" | "POST", count: number, call: () => void): void {
    this.sandbox.addFault({ match: { method }, after: count - 1, times: 1, effect: { kind: "call", call: () => void call() } });
  }

  /** As after the fault: with a token that works. */
  recover(): void {
    this.sandbox.clearFaults();
    this.stack.token = this.sandbox.createToken();
  }

  #package() {
    const found = this.sandbox.package(repository);
    if (found === undefined) throw new Error(`no package ${repository}`);
    return found;
  }
}

/** `v9`: an index that lists both platforms of `pr1`, which were there before. */
export const indexOverApproved: SeedVersion = {
  package: repository,
  tags: ["v9"],
  manifest: buildIndex(
    pr1.children.map(({ manifest }) => descriptorOf(manifest)),
    { annotations: { release: "v9" } },
  ).bytes.toString(),
};
/** `prod` is put on `pr1`: a roll-back, or a promotion. */
export const tagOnApproved: SeedVersion = { package: repository, tags: ["prod"], manifest: pr1.index.bytes.toString() };
/** An image that has nothing to do with the plan. */
export const newImages: SeedVersion[] = pushed(built("new"), 0, ["v8"]);

export function pushed({ index, children }: Built, days: number, tags: readonly string[] = []): SeedVersion[] {
  const about = { package: repository, createdAt: new Date(Date.parse(now) - days * 86_400_000).toISOString() };
  return [
    ...children.map(({ manifest }) => ({ ...about, manifest: manifest.bytes.toString(), mediaType: manifest.mediaType })),
    { ...about, tags: [...tags], manifest: index.bytes.toString(), mediaType: index.mediaType },
  ];
}

function indexOf(children: readonly PlatformImage[]): Content {
  return buildIndex(children.map(({ manifest }) => descriptorOf(manifest)));
}
