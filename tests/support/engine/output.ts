import assert from "node:assert/strict";
import { z } from "zod";
import type { Outcome } from "./stack";

/** What stands under a resource in the display, without its indentation; empty when nothing does. */
export function diagnosticsOf({ output }: Outcome, resource: string): string {
  const blocks = output.split(/^ {2}(?=\S+ \(.+\):$)/m).slice(1);
  const own = blocks.filter((block) => block.split("\n", 1)[0]?.endsWith(` (${resource}):`));
  return own.map(textOf).join("\n");
}

function textOf(block: string): string {
  const lines = block.split("\n").slice(1);
  const end = lines.findIndex((line) => line !== "" && !line.startsWith("    "));
  const text = end === -1 ? lines : lines.slice(0, end);
  return text
    .map((line) => line.slice(4))
    .join("\n")
    .trim();
}

const JsonPreview = z.looseObject({
  diagnostics: z.array(z.looseObject({ urn: z.string().optional(), message: z.string() })).default([]),
  changeSummary: z.record(z.string(), z.number()).default({}),
});

/** What `preview --json` says under a resource. */
export function jsonDiagnosticsOf({ stdout }: Outcome, resource: string): string {
  const { diagnostics } = JsonPreview.parse(JSON.parse(stdout));
  return diagnostics
    .filter(({ urn }) => urn?.endsWith(`::${resource}`))
    .map(({ message }) => message.trim())
    .join("\n");
}

/** The errors about a package, wherever they stand. */
export function errorsOf({ output }: Outcome, repository: string): string {
  const about = new RegExp(`^ +error: (${repository}[:@].*)$`, "gm");
  return [...output.matchAll(about)].map(([, message]) => message).join("\n");
}

/** Asserts that the last display says something once; the engine repeats errors in its progress. */
export function assertSaysOnce({ output }: Outcome, text: string): void {
  const said = output.split("\nDiagnostics:").at(-1) ?? "";
  assert.equal(said.split(text).length - 1, 1, `expected ${text} once in:\n${said}`);
}

/** The id of the plan that is shown under a resource. */
export function planIdIn(outcome: Outcome, resource: string): string {
  const found = /^plan (\d{4}-\d{2}-\d{2}-[0-9a-f]{12}): /m.exec(diagnosticsOf(outcome, resource));
  assert.ok(found?.[1], `no plan under ${resource} in:\n${outcome.output}`);
  return found[1];
}

export function assertSucceeds(outcome: Outcome): Outcome {
  assert.equal(outcome.exitCode, 0, outcome.output);
  return outcome;
}

export function assertFails(outcome: Outcome): Outcome {
  assert.notEqual(outcome.exitCode, 0, outcome.output);
  return outcome;
}

/** Every one of the lines, somewhere. */
export function assertSays(text: string, ...expected: readonly (string | RegExp)[]): void {
  for (const one of expected) {
    assert.ok(typeof one === "string" ? text.includes(one) : one.test(text), `expected ${one} in:\n${text}`);
  }
}
