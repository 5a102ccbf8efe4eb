import type { Settings } from "../config/settings";
import { requireToken } from "../config/token";
import { connect } from "../inventory/connection";
import { type ListedPackage, listPackages } from "../inventory/github/list-packages";

/** Lists an owner's packages, as GitHub does. */
export function listOwnersPackages({ endpoints, token, log }: Settings, owner: string): Promise<ListedPackage[]> {
  return listPackages(connect(endpoints, requireToken(token, "a list of packages"), undefined, log).github, owner);
}
