import type { Sandbox } from "../../sandbox";
import { promise } from "../output/broken-promise";
import { owner, type PackageName, packages } from "./year";

/** Digests by package. */
export type Versions = ReadonlyMap<PackageName, ReadonlySet<string>>;

/** Reads the versions from the registry itself, independently of every tool. */
export function versionsIn(sandbox: Pick<Sandbox, "package">): Versions {
  return new Map(
    packages.map((name) => {
      const versions = sandbox.package(`${owner}/${name}`)?.versions ?? [];
      return [name, new Set(versions.map(({ digest }) => digest))];
    }),
  );
}

/** Expects all versions to be there still. */
export function expectUntouched(before: Versions, after: Versions): void {
  for (const [name, digests] of before) {
    const lost = [...digests].filter((digest) => !after.get(name)?.has(digest));
    promise(lost.length === 0, `${owner}/${name} to keep all its ${digests.size} versions`, () => `${lost.length} of them gone`);
  }
}
