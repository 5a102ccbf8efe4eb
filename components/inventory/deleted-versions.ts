import { RefusedError } from "../model/errors";
import type { DeletedVersion, PackageName } from "../model/inventory";
import type { GitHubConnection } from "./github/client";
import { listDeleted } from "./github/list-deleted";
import type { PackageRoute } from "./github/route";

/** The versions that GitHub can still restore. */
export interface DeletedList {
  /** Absent where the list could not be had: no deletion depends on it. */
  readonly versions?: readonly DeletedVersion[];
  /** Why GitHub refuses it to the token. */
  readonly refusal?: string;
}

export async function deletedVersions(github: GitHubConnection, name: PackageName, route: PackageRoute): Promise<DeletedList> {
  try {
    return { versions: await listDeleted(github, name, route) };
  } catch (error) {
    return error instanceof RefusedError ? { refusal: error.message } : {};
  }
}
