import type { Reasons } from "../plan/deletion-reason";
import { dayOf } from "../plan/plan-id";
import type { Situation } from "./find-approved";
import type { Notice } from "./notice";
import { restorableFor } from "./restore-references";

/** Says what GitHub's deployment records tell, or do not tell, besides what stays for them. `restoring` comes back in this run. */
export function inUseNotices(situation: Situation, restoring: Reasons): Notice[] {
  if (situation.policy.inUse === undefined) return [];
  return [...notAsked(situation), ...deployedAndDeleted(situation, restoring)];
}

/** Says once what all questions were answered with. An error is said with each version that stays for it. */
function notAsked({ graph, policy: { inUse } }: Situation): Notice[] {
  const answers = Object.values(graph.inventory.deployments ?? {});
  const because = answers.find((answer) => answer.kind === "user" || answer.kind === "refused");
  return inUse === undefined || because === undefined ? [] : [{ kind: "deployments-not-asked", because, ...inUse }];
}

/** Records are about digests, so such a version may run from another package that holds it. */
function deployedAndDeleted({ graph: { byDigest, inventory } }: Situation, restoring: Reasons): Notice[] {
  const { deleted = [], deployments = {} } = inventory;
  const gone = new Map(
    deleted.filter(({ digest }) => !byDigest.has(digest) && restoring[digest] === undefined).map((one) => [one.digest, one]),
  );
  return [...gone.values()].flatMap(({ digest, deletedAt }): Notice[] => {
    const answer = deployments[digest];
    if (answer?.kind !== "answered" || answer.deployments.length === 0) return [];
    const until = deletedAt === undefined ? {} : { until: dayOf(deletedAt + restorableFor) };
    return [{ kind: "deployed-and-deleted", digest, deployments: answer.deployments, ...until }];
  });
}
