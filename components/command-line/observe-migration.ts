import { selectPackages } from "../config/selection";
import { type CommentedEntry, labelOf } from "../config-file/commented-entry";
import { policyOfEntry } from "../config-file/entry-policy";
import type { WrittenShared } from "../config-file/stack-defaults";
import type { Connection } from "../inventory/connection";
import { listPackages } from "../inventory/github/list-packages";
import { describeAge } from "../messages/age";
import type { MigratedEntry } from "../migration/entries";
import { describeLosses, type Loss, lossesOf } from "../migration/losses";
import { observeForPolicy } from "../observe/observe-policy";
import type { ObserveProgress } from "../observe/progress";
import { describePlan, type TodaysPlan, todaysPlan } from "../proposal/plan-today";
import { orReason } from "./or-reason";

export interface ObservationContext {
  readonly connection: Connection;
  readonly progress: ObserveProgress;
  readonly shared: WrittenShared;
}

/** The deletions that the old workflow and the new rules would each make in a package today, or why they are not known. */
export type ObservedMigration =
  | { readonly label: string; readonly failure: string }
  | {
      readonly label: string;
      /** Absent where the old deletions cannot be computed. */
      readonly old?: { readonly versions: number; readonly breaks: readonly Loss[] };
      readonly plan: TodaysPlan;
      /** The same for people, line by line. */
      readonly lines: readonly string[];
    };

/** Observes the packages of an entry. */
export async function observeMigration(
  { entry, oldDeletions }: MigratedEntry,
  { connection, progress, shared }: ObservationContext,
): Promise<readonly ObservedMigration[]> {
  const { owner, packages } = entry;
  const names = await orReason(async () => {
    return typeof packages === "string" ? [packages] : selectPackages(await listPackages(connection.github, owner), { packages });
  });
  if ("reason" in names) return [{ label: labelOf(entry), failure: names.reason }];
  const observed: ObservedMigration[] = [];
  for (const name of names) {
    const policy = policyOfEntry(entry, name, shared);
    const graph = await orReason(() => observeForPolicy(connection, { owner, name }, { policy, progress }));
    if ("reason" in graph) {
      observed.push({ label: `${owner}/${name}`, failure: graph.reason });
      continue;
    }
    const deleted = oldDeletions?.(graph);
    const plan = todaysPlan(graph, policy);
    observed.push({
      label: `${owner}/${name}`,
      ...(deleted === undefined ? {} : { old: { versions: deleted.size, breaks: lossesOf(graph, deleted) } }),
      plan,
      lines: [
        ...(deleted === undefined ? [] : describeLosses(graph, deleted)),
        ...describePlan(plan, policy, describeAge(policy.grace ?? 0)),
      ],
    });
  }
  return observed;
}

/** Adds what was observed to the comment of an entry. */
export function withObserved(entry: CommentedEntry, observed: readonly ObservedMigration[]): CommentedEntry {
  const isOne = typeof entry.packages === "string";
  const lines = observed.flatMap((one) => {
    if ("failure" in one) return [`Not observed: ${one.failure}`];
    return [...(isOne ? [] : [`${one.label.slice(entry.owner.length + 1)}:`]), ...one.lines];
  });
  return { ...entry, comment: [...entry.comment, ...(lines.length === 0 ? [] : ["", ...lines])] };
}
