import pLimit from "p-limit";
import { isName } from "../config/selection";
import { policyOfEntry } from "../config-file/entry-policy";
import type { StackDefaults } from "../config-file/stack-defaults";
import type { Connection } from "../inventory/connection";
import { observeForPolicy } from "../observe/observe-policy";
import type { ObserveProgress } from "../observe/progress";
import { todaysPlan } from "../proposal/plan-today";
import { propose } from "../proposal/propose";
import {
  draftSharedRules,
  type ProposedOrganization,
  packageTags,
  policyUnder,
  proposeOrganization,
} from "../proposal/propose-organization";
import { orReason } from "./or-reason";

interface Context {
  readonly connection: Connection;
  readonly defaults: StackDefaults;
  readonly progress: ObserveProgress;
  readonly concurrency: number;
  /** Called with a package that gets no policy, and why. */
  readonly leaveOut: (name: string, reason: string) => void;
}

interface Selected {
  readonly owner: string;
  readonly patterns: readonly string[];
  /** The packages that the patterns select. */
  readonly names: readonly string[];
  /** Others that they select, and that have a policy. */
  readonly taken: readonly string[];
}

/**
 * Proposes one policy for packages of an owner. Observes each package twice, so that only a few are in memory at once: for its tags,
 * then for its plan under the rules that all share. Returns `undefined` where no package can be read.
 */
export async function proposeForOrganization(
  { owner, patterns, names, taken }: Selected,
  { connection, defaults, progress, concurrency, leaveOut }: Context,
): Promise<ProposedOrganization | undefined> {
  const leftOut: string[] = [];
  const tags = await each(names, (name) =>
    observeForPolicy(
      connection,
      { owner, name },
      {
        policy: (graph) => policyOfEntry(propose(graph, defaults).entry, name, defaults.shared),
        progress,
      },
    ).then(packageTags),
  );
  const drafts = draftSharedRules(tags, defaults);
  let now = 0;
  const plans = await each(
    tags.map(({ name }) => name),
    async (name) => {
      const policy = policyUnder(drafts, owner, name, defaults);
      const graph = await observeForPolicy(connection, { owner, name }, { policy, progress });
      now = Math.max(now, graph.inventory.now);
      return [name, todaysPlan(graph, policy)] as const;
    },
  );
  if (plans.length === 0) return undefined;
  const excluded = [...taken, ...leftOut];
  const packages = patterns.every(isName)
    ? patterns.filter((name) => !excluded.includes(name))
    : [...patterns, ...excluded.map((name) => `!${name}`)];
  return proposeOrganization({ owner, packages, now }, { drafts, found: tags, plans: new Map(plans) }, defaults);

  async function each<Found>(names: readonly string[], find: (name: string) => Promise<Found>): Promise<Found[]> {
    const limit = pLimit(concurrency);
    const found = await Promise.all(
      names.map((name) => limit(async () => ({ name, found: await orReason(async () => [await find(name)]) }))),
    );
    return found.flatMap(({ name, found }) => {
      if (!("reason" in found)) return found;
      leftOut.push(name);
      leaveOut(name, found.reason);
      return [];
    });
  }
}
