import assert from "node:assert/strict";

/** So many cases in each test run; LONG=1 makes it fifty times as many. */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: process.env.LONG ? usual * 50 : usual };
}

export const patience = process.env.LONG ? 900_000 : 60_000;

const named: ReadonlySet<string> = new Set(["RetentionError", "ConfigError"]);

/** What a parser of foreign data may throw: an error for people, each line of it fit for a terminal. */
export function assertForPeople(error: unknown, mentions = ""): void {
  assert.ok(error instanceof Error && named.has(error.name), `expected an error for people: ${(error as Error)?.stack ?? error}`);
  assertPrintable(error.message);
  assert.ok(error.message.includes(mentions), `expected ${mentions} in: ${error.message}`);
}

export function assertPrintable(text: string): void {
  for (const line of text.split("\n")) assert.match(line, /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u);
}

/** Nothing was added to what every object has. */
export function assertPrototypesClean(): void {
  assert.deepEqual(Object.keys(Object.prototype), []);
  assert.deepEqual(Object.keys(Array.prototype), []);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
}
