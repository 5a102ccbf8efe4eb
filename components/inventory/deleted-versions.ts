import type { DeletedVersion, PackageName } from "../model/inventory";
import type { GitHubConnection } from "./github/client";
import { listDeleted } from "./github/list-deleted";
import type { PackageRoute } from "./github/route";

/** Returns the versions that GitHub can still restore; `undefined` if the token may not list them, since nothing depends on them. */
export async function deletedVersions(
  github: GitHubConnection,
  name: PackageName,
  route: PackageRoute,
): Promise<DeletedVersion[] | undefined> {
  try {
    return await listDeleted(github, name, route);
  } catch {
    return undefined;
  }
}
