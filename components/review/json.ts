import type { Decision } from "../approval/decide";
import type { Node } from "../graph/graph";
import type { PlanReview } from "./finding";
import { summaryOf } from "./package-summary";
import { isIncomplete, type PackageReview, type Review } from "./review";

/** The form of the JSON. It changes if a field is renamed or removed, or means something else. */
const schemaVersion = 1;

/** Renders a review as JSON for other tools: numbers of versions, ages in days, whole digests, reasons by kind. Pure. */
export function renderJson(review: Review): string {
  const { stack, organizations, notes, errors, packages } = review;
  const data = {
    schemaVersion,
    stack,
    isComplete: !isIncomplete(review),
    errors,
    notes,
    organizations,
    packages: packages.map(packageData),
  };
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

function packageData(one: PackageReview) {
  const { name, failure, tolerated, plans, alerts, notices, notes, decision } = one;
  const { status, plans: _ids, ...versions } = summaryOf(one);
  return {
    name,
    status,
    ...(failure === undefined ? {} : { failure, isTolerated: tolerated === true }),
    versions,
    plans: plans.map(planData),
    ...(decision === undefined ? {} : { withheld: withheldData(decision) }),
    alerts,
    notices,
    notes,
  };
}

function planData({ id, state, deletes, keeps, total, withheld, approveWith, undoWith, storage, text, planned }: PlanReview) {
  const images = planned.map(({ digest, tags, moving, tagsBefore, days, because, kind, parts }) => ({
    digest,
    tags,
    movingTags: moving,
    tagsBefore,
    ...(kind === undefined ? {} : { kind }),
    ...(days === undefined ? {} : { ageDays: days }),
    because,
    parts,
  }));
  return {
    id,
    state,
    versions: { deletes, keeps, total, withheld },
    ...(storage === undefined ? {} : { storage }),
    ...(approveWith === undefined ? {} : { approveWith }),
    ...(undoWith === undefined ? {} : { undoWith }),
    text,
    images,
  };
}

/** What rules match and something needs; a node of the graph is named by its digest. */
function withheldData({ plan }: Decision) {
  const { nodes } = plan.deletions.graph;
  const digestOf = (node: number) => (nodes[node] as Node).version.digest;
  return plan.withheld.map(({ node, rules, because }) => ({
    digest: digestOf(node),
    tags: nodes[node]?.version.tags ?? [],
    rules,
    because: because.kind === "needed" ? { ...because, keeper: digestOf(because.keeper) } : because,
  }));
}
