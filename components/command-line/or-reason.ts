import { ConfigError, RetentionError } from "../model/errors";

/** Returns the result, or why there is none: one package that cannot be read is no reason to leave out the others. */
export async function orReason<Found>(find: () => Promise<Found>): Promise<Found | { readonly reason: string }> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof RetentionError || error instanceof ConfigError) return { reason: error.message };
    throw error;
  }
}
