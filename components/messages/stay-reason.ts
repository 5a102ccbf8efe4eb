import type { Graph, Node } from "../graph/graph";
import { nameOf } from "../plan/node-names";
import type { StayReason } from "../plan/stay-reason";
import { inUseReasonText } from "./deployments";

/** Writes why a version stays. */
export function stayText(reason: StayReason, { nodes }: Pick<Graph, "nodes">): string {
  switch (reason.kind) {
    case "protected":
      return reason.by === "restore" ? "kept, since `restore` names it" : "protected by the policy";
    case "young":
      return "younger than `minimumAge`";
    case "held-by-referrer":
      return `a referrer of it is ${stayText(reason.referrer, { nodes })}`;
    case "kept-by-rule":
      return `kept by ${reason.rule}`;
    case "deployed":
    case "deployments-unknown":
      return inUseReasonText(reason);
    case "dangling":
      return reason.foundIn === undefined ? "its subject is not in this package" : `its subject is in ${reason.foundIn}`;
    case "no-rule":
      return "no rule deletes it";
    case "only-derived-tags":
      return `no rule deletes it: a tool named it ${reason.tag}, so it is not untagged; a rule with \`tags\` that match this name would`;
    case "last-tagged":
      return "GitHub refuses to delete the last tagged version";
    case "last-version":
      return "GitHub refuses to delete the last version";
    case "needed":
      return `${reason.chain.join(" of ")} of ${nameOf(nodes[reason.keeper] as Node)}`;
    case "needed-indirectly":
      return "what stays needs it";
    case "unclassified":
      return "not everything in the package could be read";
    case "not-selected":
      return "nothing asks for its deletion";
  }
}
