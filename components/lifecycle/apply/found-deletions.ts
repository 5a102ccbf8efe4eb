import { planOf, plansByPrefix } from "../../approval/deleted-by";
import { isFoundId, latestOnly } from "../../approval/found";
import type { Connection } from "../../inventory/connection";
import { deletedVersions } from "../../inventory/deleted-versions";
import { findRoute } from "../../inventory/github/packages-api";
import type { PackageName } from "../../model/inventory";
import { type Day, dayOfPlan, startOf } from "../../plan/plan-id";
import { remainder } from "../state/remainder";
import { type CheckedInputs, type StoredOutputs, StoredRecord } from "../state/stored";
import type { Deletion } from "./apply-run";

/** What of the inputs' deletions the outputs do not hold yet. */
interface ToDo {
  /** Approved and not deleted. */
  readonly approved: ReadonlySet<string>;
  /** Deleted by whomever, so that they only enter the ledger: digest to the day. */
  readonly found: ReadonlyMap<string, Day>;
}

/** Tells what is to be deleted from what GitHub's list says is gone already. Pure. */
export function toDo(done: StoredOutputs, news: CheckedInputs): ToDo {
  const open = remainder(done, news);
  const plans = plansByPrefix(StoredRecord.parse(news).deleted);
  const found = new Map(
    open.flatMap((digest) => {
      const id = planOf(plans, digest);
      return isFoundId(id) ? [[digest, dayOfPlan(id)] as const] : [];
    }),
  );
  return { approved: new Set(open.filter((digest) => !found.has(digest))), found };
}

/** Returns what GitHub's list says of deletions that no run recorded; where it is refused, the day alone is known. */
export async function listFound(connection: Connection, news: CheckedInputs, found: ReadonlyMap<string, Day>): Promise<Deletion[]> {
  if (found.size === 0) return [];
  const name: PackageName = { owner: news.owner, name: news.package };
  const { route } = await findRoute(connection.github, name);
  const { versions = [] } = await deletedVersions(connection.github, name, route);
  const listed = new Map(latestOnly(versions).map((version) => [version.digest, version]));
  return [...found].map(([digest, day]) => {
    const { id = 0, tags = [], createdAt = 0, deletedAt = startOf(day) } = listed.get(digest) ?? {};
    return { version: { id, digest, tags, createdAt, updatedAt: createdAt }, deletedAt };
  });
}
