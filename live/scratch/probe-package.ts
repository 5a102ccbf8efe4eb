import { randomBytes } from "node:crypto";
import type { PackageName } from "../../components/model/inventory";

const prefix = "ghcr-retention-probe-";

/**
 * The name of a package that a live run makes for itself. Only {@link ProbePackage.make} creates one, with a name that no package
 * has yet, and whatever deletes or restores takes nothing else.
 */
export class ProbePackage implements PackageName {
  readonly #isMade = true;
  readonly name: string;

  private constructor(readonly owner: string) {
    this.name = prefix + randomBytes(6).toString("hex");
    Object.freeze(this);
  }

  static make(owner: string): ProbePackage {
    return new ProbePackage(owner);
  }

  /** Throws for a value that was only declared to be one, by a cast or from JavaScript. */
  static expect(value: ProbePackage): void {
    if (#isMade in value) return;
    const { owner, name } = value as PackageName;
    throw new Error(`${owner}/${name} is no package of a live run: only a package that the run made itself is changed, ${prefix}<random>.`);
  }

  toString(): string {
    return `${this.owner}/${this.name}`;
  }
}
