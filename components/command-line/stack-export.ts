import { execFileSync } from "node:child_process";
import { z } from "zod";

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

const resourceType = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";

/** The retention policies in the stack's state. Throws where `pulumi` cannot export it. */
export function exportedResources(stack: string): ExportedResource[] {
  const text = execFileSync("pulumi", ["stack", "export", "--stack", stack], { encoding: "utf8", maxBuffer: 1 << 30 });
  const { deployment } = Export.parse(JSON.parse(text));
  return deployment.resources.filter(({ type }) => type === resourceType);
}
