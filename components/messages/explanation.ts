import type { Graph } from "../graph/graph";
import type { Explanation } from "../plan/explain";
import { deletionText } from "./deletion-reason";
import { lastTaggedText } from "./last-tagged";
import { noEffectText } from "./opinion";
import { stayText } from "./stay-reason";

/** An explanation with its reasons as text, as `explain --json` prints it. */
export interface ExplanationText extends Omit<Explanation, "outcome" | "rules" | "neededBy" | "needs" | "lastTagged"> {
  readonly verdict: "goes" | "stays";
  readonly because: string;
  readonly rules: readonly { readonly rule: string; readonly action: string; readonly holds: boolean; readonly because?: string }[];
  /** `linux/arm64 of prod`. */
  readonly neededBy: readonly string[];
  readonly needs: readonly string[];
  /** `untagged since 2026-11-20 at the earliest, was prod`. */
  readonly lastTagged?: string;
}

/** Writes the reasons of an explanation. */
export function explanationText({ outcome, rules, neededBy, needs, ...facts }: Explanation, graph: Graph): ExplanationText {
  const { digest, tags, role, artifactType, asOf, lastTagged, ...rest } = facts;
  return {
    digest,
    tags,
    role,
    ...(artifactType === undefined ? {} : { artifactType }),
    asOf,
    verdict: outcome.verdict,
    because: outcome.verdict === "goes" ? deletionText(outcome.reason) : stayText(outcome.reason, graph),
    rules: rules.map(({ because, ...rule }) => ({ ...rule, ...(because ? { because: noEffectText(because) } : {}) })),
    neededBy: neededBy.map(({ as, name }) => `${as} of ${name}`),
    needs: needs.map(({ as, name }) => `${as} ${name}`),
    ...rest,
    ...(lastTagged ? { lastTagged: lastTaggedText(lastTagged) } : {}),
  };
}
