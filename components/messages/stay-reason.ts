import type { Graph, Node } from "../graph/graph";
import { nameOf } from "../plan/node-names";
import type { StayReason } from "../plan/stay-reason";

const isProtected = "protected by the policy";
const isYoung = "younger than `minimumAge`";

/** Writes why a version stays. */
export function stayText(reason: StayReason, { nodes }: Graph): string {
  switch (reason.kind) {
    case "protected":
      return isProtected;
    case "young":
      return isYoung;
    case "held-by-referrer":
      return `a referrer of it is ${reason.referrer === "protected" ? isProtected : isYoung}`;
    case "kept-by-rule":
      return `kept by ${reason.rule}`;
    case "dangling":
      return "its subject is not in this package";
    case "no-rule":
      return "no rule deletes it";
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
