import type { Sandbox } from "../../sandbox";
import { owner, type PackageName, packages } from "./year";

/** Digests by package. */
export type Versions = ReadonlyMap<PackageName, ReadonlySet<string>>;

/** What the registry really holds: the demo believes no tool's word for it. */
export function versionsIn(sandbox: Pick<Sandbox, "package">): Versions {
  return new Map(
    packages.map((name) => {
      const versions = sandbox.package(`${owner}/${name}`)?.versions ?? [];
      return [name, new Set(versions.map(({ digest }) => digest))];
    }),
  );
}
