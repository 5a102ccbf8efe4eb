import type { StopCause } from "../model/stop";
import { count } from "./plurals";

function causeText(cause: StopCause): string {
  switch (cause.kind) {
    case "cancelled":
      return "the update was cancelled";
    case "signal":
      return `the provider received ${cause.signal}`;
    case "engine gone":
      return "the engine is gone";
  }
}

interface Progress {
  /** Versions that the run has deleted, and approved ones that it has not. */
  readonly deleted: number;
  readonly left: number;
  /** Versions that the run has restored, and ones that it was to restore. */
  readonly restored: number;
  readonly toRestore: number;
}

/** What a stopped run has done, and how it goes on. */
export function stopText(label: string, cause: StopCause, { deleted, left, restored, toRestore }: Progress): string {
  const done = [
    ...(toRestore > 0 ? [`${restored} of ${count(toRestore, "restoration")}`] : []),
    ...(toRestore === 0 || deleted + left > 0 ? [`${deleted} of ${count(deleted + left, "deletion")}`] : []),
  ];
  return `${label}: stopped after ${done.join(" and ")}, since ${causeText(cause)}. The next \`pulumi up\` goes on, without a new approval.`;
}
