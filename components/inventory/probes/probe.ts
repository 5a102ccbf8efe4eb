import type { Probe } from "../../diagnosis/facts";
import { RefusedError, RetentionError } from "../../model/errors";

/** Returns what was found, or why nothing was. */
export async function probe<Found>(ask: () => Promise<Found>): Promise<Probe<Found>> {
  try {
    return { kind: "reached", found: await ask() };
  } catch (error) {
    if (!(error instanceof RetentionError)) throw error;
    return { kind: error instanceof RefusedError ? "refused" : "failed", message: error.message };
  }
}
