import type { ResourceValidationArgs } from "@pulumi/policy";
import { property } from "../reading/property";

/** The first release that is documented to keep them (https://github.com/Azure/acr-cli/issues/342): 0.5 deletes them, those between are undocumented. */
const firstSafe = 11;
const purge = /acr-cli:(?:v?0\.(\d{1,3})(?:\.\d+)?)\b[^\n]*\bpurge\b[^\n]*--untagged(?!\s*=\s*false)/;

/** Finds a purge of untagged manifests by a version of acr-cli that may delete the platforms of tagged images. */
export function dangerOfTask(args: ResourceValidationArgs): string | undefined {
  const texts = [
    contentOf(property(args, "encodedStep"), "taskContent"),
    contentOf(property(args, "step"), "encodedTaskContent"),
    ofRun(args),
  ];
  for (const text of texts) {
    const minor = purge.exec(text)?.[1];
    if (minor !== undefined && Number(minor) < firstSafe) {
      return `the task runs \`acr purge --untagged\` of acr-cli 0.${minor}`;
    }
  }
  return undefined;
}

function ofRun(args: ResourceValidationArgs): string {
  return contentOf(property(args, "runRequest"), "encodedTaskContent");
}

function contentOf(step: unknown, key: string): string {
  if (typeof step !== "object" || step === null) return "";
  const content: unknown = (step as Readonly<Record<string, unknown>>)[key];
  if (typeof content !== "string") return "";
  // The classic provider takes plain text or base64.
  const decoded = /^[A-Za-z0-9+/=\s]+$/.test(content) ? Buffer.from(content, "base64").toString("utf8") : "";
  return `${content}\n${decoded}`;
}
