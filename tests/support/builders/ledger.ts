import { digestPrefix } from "../../../components/approval/record";
import { buildGraph } from "../../../components/graph/graph";
import type { DeletedVersion } from "../../../components/model/inventory";
import { digestOf, type Entry, image, index, packageOf } from "./package";

const prod = index("prod", ["amd64"], { tags: ["prod"] });
/** What stays in every test. */
export const kept = [prod, image("amd64")];
/** Plans that deleted something. */
export const earlier = "2026-11-01-000000000001";
export const later = "2026-11-20-000000000002";

export function graphOf(entries: readonly Entry[], deleted?: readonly DeletedVersion[]) {
  return buildGraph({ ...packageOf(...entries), ...(deleted ? { deleted } : {}) });
}

/** The names of versions, as the record holds their digests. */
export function digits(...names: string[]): string[] {
  return names.map((name) => digestPrefix(digestOf(name)));
}
