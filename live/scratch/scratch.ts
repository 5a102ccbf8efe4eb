import { noMemory } from "../../components/inventory/cache/package-cache";
import type { Connection } from "../../components/inventory/connection";
import type { GitHubConnection } from "../../components/inventory/github/client";
import { listDeleted } from "../../components/inventory/github/list-deleted";
import { listVersions } from "../../components/inventory/github/list-versions";
import { getPackage, getVersions } from "../../components/inventory/github/package-calls";
import type { PackageRoute } from "../../components/inventory/github/route";
import { RetentionError } from "../../components/model/errors";
import type { DeletedVersion, Version } from "../../components/model/inventory";
import { buildImage, type Content, type PushTarget, pushBuilt, pushContent } from "../../sandbox";
import { type Answer, askGitHub } from "./answer";
import { type Changed, deleteVersion, restoreVersion } from "./changes";
import { type Pace, until } from "./pace";
import type { ProbePackage } from "./probe-package";
import { RegistryCalls } from "./registry-calls";

export interface Session {
  readonly githubApiUrl: string;
  readonly connection: Connection;
  /** Signed in with a token that may only read; absent where nobody gave one. */
  readonly reader: GitHubConnection | undefined;
  readonly token: string;
  readonly kind: PackageRoute["kind"];
  readonly pace: Pace;
}

/** GitHub's lists may follow a change after a while. */
const secondsToShow = 30;
/** GitHub's stamps have whole seconds, and an effect that nobody expects may come late. */
const secondsToSettle = 4;

/** A pushed image that was deleted. */
export interface DeletedImage {
  readonly image: Content;
  readonly version: Version;
}

/** An image that was deleted and restored. */
export interface RestoredImage {
  readonly image: Content;
  readonly version: { readonly before: Version; readonly after: Version };
}

/** The package of a live run, and what can be done with it. */
export class Scratch {
  readonly package: ProbePackage;
  readonly session: Session;
  readonly registry: RegistryCalls;

  constructor(probe: ProbePackage, session: Session) {
    this.package = probe;
    this.session = session;
    this.registry = new RegistryCalls(probe, session.connection.registry, session.token);
  }

  get changed(): Changed {
    return { package: this.package, kind: this.session.kind };
  }

  get route(): PackageRoute {
    return { kind: this.session.kind, owner: this.package.owner, name: this.package.name };
  }

  get target(): PushTarget {
    const { connection, token } = this.session;
    return { registryUrl: connection.registry.url, token, repository: `${this.package.owner.toLowerCase()}/${this.package.name}` };
  }

  /** Pushes an image for one platform whose content no other probe pushes. */
  async push(seed: string, ...tags: string[]): Promise<Content> {
    const image = buildImage("linux/amd64", { seed: `${this.package} ${seed}` });
    await pushBuilt(this.target, image, tags);
    return image.manifest;
  }

  async tag(image: Content, tag: string): Promise<void> {
    await pushContent(this.target, image, [tag]);
  }

  /** Waits until GitHub's clock shows another second, and whatever a change may cause has come. */
  settle(): Promise<void> {
    const { pause, say } = this.session.pace;
    say(`    waiting ${secondsToSettle} s, so that stamps can differ`);
    return pause(secondsToSettle);
  }

  async versions(): Promise<readonly Version[]> {
    const { github } = this.session.connection;
    return (await listVersions(github, this.package, this.route, noMemory)).versions;
  }

  /** Returns the version of a digest, once GitHub lists it. */
  version(digest: string): Promise<Version> {
    return this.shown(`GitHub lists ${digest}`, async () => (await this.versions()).find((version) => version.digest === digest));
  }

  deleted(): Promise<DeletedVersion[]> {
    return listDeleted(this.session.connection.github, this.package, this.route);
  }

  delete({ id }: Pick<Version, "id">): Promise<Answer> {
    return deleteVersion(this.session.connection.github, this.changed, id);
  }

  restore({ id }: Pick<Version, "id">): Promise<Answer> {
    return restoreVersion(this.session.connection.github, this.changed, id);
  }

  /** Pushes an image with a tag, and deletes it. */
  async deletedImage(seed: string): Promise<DeletedImage> {
    const image = await this.push(seed, seed);
    const version = await this.version(image.digest);
    await this.settle();
    const { status, words } = await this.delete(version);
    if (status !== 204) throw new Error(`the image could not be deleted: GitHub answered ${status} ${words}`);
    await this.shown("GitHub no longer lists it", async () => ((await this.isListed(image.digest)) ? undefined : true));
    return { image, version };
  }

  /** Pushes an image with a tag, and deletes it; returns GitHub's entry of it, where it lists it as deleted. */
  async deletedEntry(seed: string): Promise<DeletedVersion | undefined> {
    const { version } = await this.deletedImage(seed);
    const listed = async () => (await this.deleted()).find(({ id }) => id === version.id);
    return until(this.session.pace, "GitHub lists it as deleted", secondsToShow, listed);
  }

  /** Pushes an image with a tag, deletes and restores it, and leaves its tags time to return. */
  async restoredImage(seed: string): Promise<RestoredImage> {
    const { image, version: before } = await this.deletedImage(seed);
    const { status, words } = await this.restore(before);
    if (status !== 204) throw new Error(`the image could not be restored: GitHub answered ${status} ${words}`);
    await this.version(image.digest);
    await this.settle();
    return { image, version: { before, after: await this.version(image.digest) } };
  }

  async isListed(digest: string): Promise<boolean> {
    return (await this.versions()).some((version) => version.digest === digest);
  }

  /** GitHub's answer about the package. */
  about(): Promise<Answer> {
    return askGitHub(this.session.connection.github, `${this.package}`, (octokit) => getPackage(octokit, this.route));
  }

  /** GitHub's answer to a list of versions. */
  page(
    parameters: { state: "active" | "deleted"; per_page: number; page: number },
    github = this.session.connection.github,
  ): Promise<Answer> {
    return askGitHub(github, `${this.package}`, (octokit) => getVersions(octokit, this.route, parameters));
  }

  /** Waits for what has to appear; a list that cannot be read just after a change is read again. Throws where it does not appear. */
  async shown<Shown>(what: string, ask: () => Promise<Shown | undefined>): Promise<Shown> {
    let last = "";
    const shown = await until(this.session.pace, what, secondsToShow, async () => {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof RetentionError)) throw error;
        last = `: ${error.message}`;
        return undefined;
      }
    });
    if (shown === undefined) throw new Error(`${what}: not within ${secondsToShow} s${last}`);
    return shown;
  }
}
