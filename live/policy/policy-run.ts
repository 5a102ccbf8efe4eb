import { pullImage } from "../../components/inventory/registry/pull-image";
import type { PlanReview } from "../../components/review/finding";
import { readPreview } from "../../components/review/preview-json";
import type { PolicyInput } from "../../components/rules/policy";
import { type PushedImage, pushMultiArchImage } from "../../sandbox";
import type { Scratch } from "../scratch/scratch";
import { EngineStack, type Surroundings } from "./engine";
import { openRelay, type Relay } from "./relay";

/** A plan is made as of the start of a day, and what is younger than a day by then stays. */
const secondsAhead = 3 * 86_400;
const configPath = "ghcr-retention:policies[0]";
/** The tag of the image that the policy's rule names. */
export const oldTag = "policy-old";
const keptTag = "policy-kept";

/** A real policy on the package of the run, with the real engine. */
export class PolicyRun {
  /** The digests of the image that the policy's rule names, sorted. */
  readonly expected: readonly string[];
  readonly #scratch: Scratch;
  readonly #relay: Relay;
  readonly #stack: EngineStack;
  readonly #images: Images;

  private constructor(scratch: Scratch, relay: Relay, stack: EngineStack, images: Images) {
    this.#scratch = scratch;
    this.#relay = relay;
    this.#stack = stack;
    this.#images = images;
    const { index, children, attestations } = images.old;
    this.expected = [index, ...[...children, ...attestations].map(({ digest }) => digest)].sort();
  }

  /** Pushes two images, and makes a stack with a policy that deletes one of them. */
  static async open(scratch: Scratch, surroundings: Surroundings): Promise<PolicyRun> {
    const { package: probe, changed, session } = scratch;
    const images = { old: await pushed(scratch, oldTag), kept: await pushed(scratch, keptTag) };
    const relay = await openRelay({ ...changed, githubApiUrl: session.githubApiUrl, secondsAhead });
    try {
      const policy: PolicyInput = { owner: probe.owner, package: probe.name, rules: [{ name: "old", action: "delete", tags: [oldTag] }] };
      const config = {
        "ghcr-retention:githubApiUrl": relay.url,
        "ghcr-retention:registryUrl": session.connection.registry.url,
        "ghcr-retention:policies": [policy],
      };
      return new PolicyRun(scratch, relay, await EngineStack.create(config, session.token, surroundings), images);
    } catch (error) {
      await relay.close();
      throw error;
    }
  }

  /** Previews the stack; returns its plan, where there is one. */
  async preview(): Promise<PlanReview | undefined> {
    const printed = await this.#stack.run("preview", "--json", "--show-sames");
    const { packages, errors } = readPreview(printed, "the preview");
    const [found] = packages;
    const failure = found?.failure ?? errors[0];
    if (failure !== undefined) throw new Error(failure);
    return found?.report?.plans[0];
  }

  /** Approves a plan, and applies it. */
  apply(planId: string): Promise<string> {
    return this.#configureAndUpdate(`${configPath}.approve`, planId);
  }

  /** Names the image under `restore`, and applies that. */
  restore(): Promise<string> {
    return this.#configureAndUpdate(`${configPath}.restore[0]`, oldTag);
  }

  async #configureAndUpdate(path: string, value: string): Promise<string> {
    await this.#stack.run("config", "set", "--path", path, value);
    return this.#stack.run("up", "--yes", "--skip-preview");
  }

  /** Pulls an image as a client does, with everything it needs. Throws where something is missing. */
  async pull(image: keyof Images): Promise<void> {
    const { connection } = this.#scratch.session;
    await pullImage(connection.registry, this.#scratch.package, this.#images[image].index, new Set());
  }

  /** Whether the tag is on the image that the rule names. */
  async isTagged(): Promise<boolean> {
    const { tags } = await this.#scratch.version(this.#images.old.index);
    return tags.includes(oldTag);
  }

  async close(): Promise<void> {
    await this.#relay.close();
    await this.#stack.remove();
  }
}

interface Images {
  readonly old: PushedImage;
  readonly kept: PushedImage;
}

async function pushed(scratch: Scratch, tag: string): Promise<PushedImage> {
  const image = await pushMultiArchImage(scratch.target, { seed: `${scratch.package} ${tag}`, tags: [tag] });
  await scratch.version(image.index);
  return image;
}
