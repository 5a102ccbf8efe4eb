import * as pulumi from "../sdk/pulumi";

/** The outputs that the provider gives. A resource has only the properties that it registers. */
export const providerOutputs = {
  deletions: undefined,
  plans: undefined,
  pending: undefined,
  deleted: undefined,
  restoring: undefined,
  ledger: undefined,
  foreign: undefined,
  remaining: undefined,
  refused: undefined,
  notices: undefined,
  noticeIds: undefined,
  failure: undefined,
  planId: undefined,
  counts: undefined,
} as const;

type Parts = Readonly<Record<string, pulumi.Output<unknown>>>;
type KnownValues<Of extends Parts> = { readonly [Key in keyof Of]?: Of[Key] extends pulumi.Output<infer Value> ? Value : never };

/** The values of those outputs that are known. A preview leaves out the values that only an update determines. */
export async function knownOutputs<Of extends Parts>(parts: Of): Promise<KnownValues<Of>> {
  const entries = await Promise.all(
    Object.entries(parts).map(async ([key, part]) => {
      const { isKnown } = part as unknown as { readonly isKnown: Promise<boolean> };
      return (await isKnown) ? [[key, part]] : [];
    }),
  );
  return Object.fromEntries(entries.flat());
}

/**
 * Makes an output unknown in a preview. Its numbers and days may change before the update, and the engine holds an update to every
 * output of a saved plan.
 */
export function knownAfterUpdate<Value>(value: Value): Value {
  return pulumi.runtime.isDryRun() ? (pulumi.unknown as unknown as Value) : value;
}
