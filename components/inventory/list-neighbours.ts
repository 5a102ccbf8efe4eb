import { packageLabel, RetentionError } from "../model/errors";
import type { Neighbour, PackageName } from "../model/inventory";
import { recall } from "./cache/package-cache";
import type { Connection } from "./connection";
import { listDeleted } from "./github/list-deleted";
import { listVersions } from "./github/list-versions";
import { findRoute } from "./github/packages-api";

/**
 * Lists the packages in which rules look for the subjects of referrers. Throws a {@link RetentionError} that names the one that
 * cannot be listed (S3).
 */
export function listNeighbours(connection: Connection, of: PackageName, names: readonly string[]): Promise<Neighbour[]> {
  return Promise.all(names.map((name) => listNeighbour(connection, of, { owner: of.owner, name })));
}

async function listNeighbour({ cacheFolder, github, registry }: Connection, of: PackageName, name: PackageName): Promise<Neighbour> {
  try {
    const [{ route }, memory] = await Promise.all([findRoute(github, name), recall(cacheFolder, registry.url, name)]);
    // A version that is restored or deleted in between is on one of these lists, never on none.
    const before = await listDeleted(github, name, route);
    const { versions } = await listVersions(github, name, route, memory);
    const after = await listDeleted(github, name, route);
    return { name: name.name, digests: [...new Set([...before, ...versions, ...after].map(({ digest }) => digest))] };
  } catch (error) {
    if (!(error instanceof RetentionError)) throw error;
    throw new RetentionError(
      `${packageLabel(of)}: a rule looks for subjects in ${packageLabel(name)} (\`subjectsIn\`), which cannot be listed, so nothing of this package is deleted: ${error.message}`,
    );
  }
}
