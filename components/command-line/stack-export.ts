import { z } from "zod";
import { withoutControls } from "../model/printable";
import { describeIssues } from "../rules/parse-policy";
import { engineOutput } from "./engine";

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
    process.stderr.write(`warning: \`pulumi stack export\` failed: ${unread}\n`);
    return { resources: [], unread };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `its answer is not understood:${describeIssues(error).replaceAll(/\s+/g, " ")}`;
  const lines = (error instanceof Error ? error.message : String(error)).trim().split("\n");
  return lines.at(-1) ?? "";
}

const resourceType = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";

/** The retention policies in the stack's state. Throws where `pulumi` cannot export it. */
export function exportedResources(stack: string): ExportedResource[] {
  const text = engineOutput(["stack", "export", "--stack", stack]);
  const { deployment } = Export.parse(JSON.parse(text));
  return deployment.resources.filter(({ type }) => type === resourceType);
}
