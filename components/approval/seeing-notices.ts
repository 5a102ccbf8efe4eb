import { countingChanges } from "../plan/counting-changes";
import type { Plan } from "../plan/plan";
import { dayOf } from "../plan/plan-id";
import type { Renewal } from "../plan/renewed-stamps";
import type { Situation } from "./find-approved";
import type { Notice } from "./notice";

/** Says what earlier runs did not see, or saw otherwise, so that ages and counts are not what people expect. */
export function seeingNotices(situation: Situation, plan: Plan, renewal: Renewal | undefined): Notice[] {
  return [...firstSighting(plan, situation), ...countingNotices(situation), ...renewalNotice(renewal, situation)];
}

/** Warns once, before the first run is on record: until then only GitHub's stamps tell since when an image has had no tag. */
function firstSighting(plan: Plan, { graph, policy, record }: Situation): Notice[] {
  if (record.sightings !== undefined || policy.grace !== undefined) return [];
  const untagged = plan.deletions.nodes().filter((node) => plan.verdicts.has(node) && graph.nodes[node]?.userTags.length === 0).length;
  return untagged === 0 ? [] : [{ kind: "tags-never-seen", untagged }];
}

/** Says once what an upgrade changes: earlier builds counted the tagged parts of releases as well. */
function countingNotices({ graph, policy, record, today }: Situation): Notice[] {
  if (record.isNew || record.sightings?.countsReleases) return [];
  return countingChanges(graph, policy, today).map((change) => ({ kind: "counts-releases", ...change }));
}

function renewalNotice(renewal: Renewal | undefined, { record: { sightings } }: Situation): Notice[] {
  if (renewal === undefined) return [];
  return [{ kind: "stamps-renewed", day: dayOf(renewal.at), versions: renewal.versions, ...(sightings ? { since: sightings.first } : {}) }];
}
