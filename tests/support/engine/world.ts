import type { PolicyInput } from "../../../components/rules/policy";
import { type PushedImage, type PushTarget, pushContent, pushMultiArchImage, type Sandbox } from "../../../sandbox";

/** When tests take place, unless they set the clock otherwise. */
export const now = "2026-11-23T12:00:00Z";

const dayMilliseconds = 86_400_000;

export interface Deployment {
  /** Pushed so many days ago. */
  readonly days: number;
  readonly tags: readonly string[];
  readonly platforms?: readonly string[];
  readonly attestations?: boolean;
}

/** A package in which people push images, as buildx does. */
export class PackageWorld {
  readonly images = new Map<string, PushedImage>();

  constructor(
    readonly sandbox: Sandbox,
    readonly repository: string,
  ) {}

  get target(): PushTarget {
    return { registryUrl: this.sandbox.registryUrl, token: this.sandbox.token, repository: this.repository.toLowerCase() };
  }

  /** Pushes images one after the other, each at its time, and sets the clock back to now. */
  async deploy(deployments: Readonly<Record<string, Deployment>>): Promise<this> {
    const now = this.sandbox.now();
    for (const [name, { days, tags, platforms, attestations = true }] of Object.entries(deployments)) {
      this.sandbox.setClock(new Date(now.getTime() - days * dayMilliseconds));
      const options = { seed: `${this.repository} ${name}`, tags, attestations, ...(platforms === undefined ? {} : { platforms }) };
      this.images.set(name, await pushMultiArchImage(this.target, options));
    }
    this.sandbox.setClock(now);
    return this;
  }

  /** Tags an image that is there, now. */
  async tag(name: string, tag: string): Promise<void> {
    await pushContent(this.target, this.image(name).built.index, [tag]);
  }

  image(name: string): PushedImage {
    const image = this.images.get(name);
    if (image === undefined) throw new Error(`no image ${name} was pushed`);
    return image;
  }

  /** Index, platforms and attestations of images, sorted. */
  digests(...names: string[]): string[] {
    return names.flatMap((name) => partsOf(this.image(name))).sort();
  }

  /** The digests that are there, sorted. */
  present(): string[] {
    return (this.sandbox.package(this.repository)?.versions ?? []).map(({ digest }) => digest).sort();
  }

  /** The digests that were deleted, sorted. */
  deleted(): string[] {
    return (this.sandbox.package(this.repository)?.deleted ?? []).map(({ digest }) => digest).sort();
  }

  tags(): string[] {
    return (this.sandbox.package(this.repository)?.versions ?? []).flatMap(({ tags }) => tags).sort();
  }
}

export function partsOf({ index, children, attestations }: PushedImage): string[] {
  return [index, ...[...children, ...attestations].map(({ digest }) => digest)];
}

/** Eight images of five versions; the usual rules delete `pr-1`, `pr-2` and the first `prod`: 15 of 40. */
export const shop = {
  pr1: { days: 110, tags: ["pr-1"] },
  prodBefore: { days: 80, tags: ["prod"] },
  release1: { days: 70, tags: ["v1.0.0"] },
  release2: { days: 60, tags: ["v1.1.0"] },
  prod: { days: 50, tags: ["prod", "v1.2.0"] },
  pr2: { days: 20, tags: ["pr-2"] },
  main: { days: 10, tags: ["main-1"] },
  pr3: { days: 3, tags: ["pr-3"] },
} as const satisfies Record<string, Deployment>;
export const expired = ["pr1", "prodBefore", "pr2"] as const;

/** Two images of three versions, one of which the usual rules delete. */
export const small = {
  pr1: { days: 100, tags: ["pr-1"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
} as const satisfies Record<string, Deployment>;

/** Four images of three versions, of which the usual rules delete `pr1` and `pr2`: 6 of 12 versions. */
export const medium = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 80, tags: ["pr-2"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
  main: { days: 30, tags: ["main-1"], attestations: false },
} as const satisfies Record<string, Deployment>;

export const usualRules = [
  { name: "keep-releases", action: "keep", tags: ["prod", "latest", "v*"] },
  { name: "drop-pr-builds", action: "delete", tags: ["pr-*"], olderThan: "7d" },
  { name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" },
] as const satisfies PolicyInput["rules"];

/** The usual rules for a package, `owner/name`. */
export function policyFor(repository: string, more: Partial<PolicyInput> = {}): PolicyInput {
  const slash = repository.indexOf("/");
  return { owner: repository.slice(0, slash), package: repository.slice(slash + 1), rules: [...usualRules], ...more };
}
