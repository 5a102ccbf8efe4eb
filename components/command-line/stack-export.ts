import { z } from "zod";
import { withoutControls } from "../model/printable";
import { describeIssues } from "../rules/parse-policy";
import { engineIsMissing, engineOutput } from "./engine";

const Export = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          type: z.string(),
          inputs: z.record(z.string(), z.unknown()).default({}),
          outputs: z.record(z.string(), z.unknown()).default({}),
        }),
      )
      .default([]),
  }),
});
export type ExportedResource = z.output<typeof Export>["deployment"]["resources"][number];

/** The retention policies in a stack's state; none where it cannot be read. */
export interface StackRecord {
  readonly resources: readonly ExportedResource[];
  /** Why it could not be read. */
  readonly unread?: string;
}

/** Returns what the stack has on record. Warns where `pulumi` cannot export it. */
export function recordOf(stack: string): StackRecord {
  try {
    return { resources: exportedResources(stack) };
  } catch (error) {
    const unread = withoutControls(reasonOf(error));
    const remedy = isMissingEngine(error) ? "" : `. ${signIn}`;
    process.stderr.write(`warning: \`pulumi stack export\` failed: ${unread}${remedy}\n`);
    return { resources: [], unread };
  }
}

const signIn = "Sign in with `pulumi login`, or `pulumi login --local` (docs/state.md), and check the name with `pulumi stack ls`";

function isMissingEngine(error: unknown): boolean {
  return error instanceof Error && error.message === engineIsMissing;
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `its answer is not understood:${describeIssues(error).replaceAll(/\s+/g, " ")}`;
  const lines = (error instanceof Error ? error.message : String(error)).trim().split("\n");
  return lines.at(-1) ?? "";
}

/** Returns the retention policies in the stack's state. Throws where it cannot be read, with what to do and the engine's own words. */
export function readableRecord(stack: string): ExportedResource[] {
  try {
    return exportedResources(stack);
  } catch (cause) {
    if (isMissingEngine(cause)) throw cause;
    const why = withoutControls(reasonOf(cause));
    throw new Error(`the record of the stack ${stack} could not be read (\`pulumi stack export\`: ${why}). ${signIn}`, { cause });
  }
}

const resourceType = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";

/** The retention policies in the stack's state. Throws where `pulumi` cannot export it. */
function exportedResources(stack: string): ExportedResource[] {
  const text = engineOutput(["stack", "export", "--stack", stack]);
  const { deployment } = Export.parse(JSON.parse(text));
  return deployment.resources.filter(({ type }) => type === resourceType);
}
