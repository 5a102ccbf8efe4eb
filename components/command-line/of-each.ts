import pLimit from "p-limit";
import { orReason } from "./or-reason";

/** How many packages are asked about at once. */
const concurrency = 8;

export interface OfEach<Found> {
  readonly found: readonly Found[];
  /** Why there is none of the others. */
  readonly failures: readonly string[];
}

/** Does the same for each of several packages. One that fails does not stop the others; where all fail, throws the first reason. */
export async function ofEach<Each, Found>(all: readonly Each[], find: (each: Each) => Promise<Found>): Promise<OfEach<Found>> {
  const limit = pLimit(concurrency);
  const results = await Promise.all(all.map((each) => limit(() => orReason(async () => [await find(each)]))));
  const found = results.flatMap((result) => ("reason" in result ? [] : result));
  const failures = results.flatMap((result) => ("reason" in result ? [result.reason] : []));
  const [first] = failures;
  if (found.length === 0 && first !== undefined) throw new Error(first);
  return { found, failures };
}
