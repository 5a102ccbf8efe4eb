import { z } from "zod";
import type { Decision } from "../approval/decide";
import { StoredOutputs, StoredRecord } from "../lifecycle/state/stored";

/** What the checked inputs of a policy hold, as an engine prints, stores or previews them. */
export const ReviewedInputs = StoredRecord.extend({
  owner: z.string().max(100),
  package: z.string().max(300),
  approve: z.string().optional(),
});
export type ReviewedInputs = z.output<typeof ReviewedInputs>;

/** What the last run left. */
export const LastOutputs = StoredOutputs.pick({ ledger: true, refused: true });
export type LastOutputs = z.output<typeof LastOutputs>;

/** What a preview says of one package, or why it says nothing. */
export interface Finding {
  /** `owner/name`. */
  readonly name: string;
  readonly inputs?: ReviewedInputs;
  /** The record before this preview. */
  readonly before?: z.output<typeof StoredRecord>;
  readonly last?: LastOutputs;
  /** The preview's report, word for word. */
  readonly report?: string;
  readonly warnings: readonly string[];
  /** Why the package could not be reviewed. */
  readonly failure?: string;
  /** A failure that the policy says is no reason to fail the run. */
  readonly tolerated?: true;
  /** Known where the package was looked at: the plan with the graph. */
  readonly decision?: Decision;
}

export interface Findings {
  readonly packages: readonly Finding[];
  /** Each organisation's policy, with what the preview says of all of its packages. */
  readonly organizations: readonly { readonly name: string; readonly report: string }[];
  /** What concerns no single package. */
  readonly notes: readonly string[];
  /** Errors that concern no single package. */
  readonly errors: readonly string[];
}
