import { z } from "zod";
import { withoutControls } from "../model/printable";
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
interface StackRecord {
  readonly resources: readonly ExportedResource[];
  readonly isRead: boolean;
}

/** Returns what the stack has on record. Warns where `pulumi` cannot export it. */
export function recordOf(stack: string): StackRecord {
  try {
    return { resources: exportedResources(stack), isRead: true };
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n").slice(-1);
    process.stderr.write(`warning: \`pulumi stack export\` failed: ${withoutControls(reason)}\n`);
    return { resources: [], isRead: false };
  }
}

const resourceType = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";

/** The retention policies in the stack's state. Throws where `pulumi` cannot export it. */
export function exportedResources(stack: string): ExportedResource[] {
  const text = engineOutput(["stack", "export", "--stack", stack], "inherit");
  const { deployment } = Export.parse(JSON.parse(text));
  return deployment.resources.filter(({ type }) => type === resourceType);
}
