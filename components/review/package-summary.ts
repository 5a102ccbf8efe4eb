import type { PageColor } from "./browser/data";
import type { PlanReview } from "./finding";
import type { PackageReview } from "./review";

/** A package in one line: the comment's table, the page's table, and the JSON show the same. */
export interface PackageSummary {
  readonly status: Status;
  /** Versions that an approved plan deletes. */
  readonly approved: number;
  /** Versions of a plan that waits for approval. */
  readonly waiting: number;
  /** Versions of a plan that nobody can approve. */
  readonly refused: number;
  readonly inGrace: number;
  /** Absent where it is not known. */
  readonly withheld?: number;
  /** Versions of the package; absent where it is not known. */
  readonly total?: number;
  readonly plans: readonly string[];
}

/** `restoring`: nothing to delete, and images come back. `idle`: nothing to delete. */
export type Status = "failed" | "refused" | "waiting" | "approved" | "restoring" | "in-grace" | "idle";

/** Returns the summary of a package. Pure. */
export function summaryOf({ state, plans, counts, blocks }: PackageReview): PackageSummary {
  const versions = (of: PlanReview["state"]) => plans.reduce((sum, plan) => sum + (plan.state === of ? plan.deletes : 0), 0);
  const isRestoring = blocks.some(({ kind }) => kind === "restoring");
  const idle = isRestoring ? "restoring" : counts.inGrace > 0 ? "in-grace" : "idle";
  return {
    status: state === "noted" || state === "quiet" ? idle : state,
    approved: versions("approved"),
    waiting: versions("waiting"),
    refused: versions("refused"),
    ...counts,
    plans: plans.map(({ id }) => id),
  };
}

/** Writes a package's status. */
export function statusText(status: Status): string {
  return {
    failed: "not reviewed",
    refused: "cannot be approved",
    waiting: "waits for approval",
    approved: "approved",
    restoring: "restores images",
    "in-grace": "in grace",
    idle: "nothing to delete",
  }[status];
}

export function colorOf(status: Status): PageColor {
  return (
    {
      failed: "goes",
      refused: "holds",
      waiting: "waits",
      approved: "goes",
      restoring: "stays",
      "in-grace": "holds",
      idle: "stays",
    } as const
  )[status];
}
