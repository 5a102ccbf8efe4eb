import type { ResourceValidationArgs } from "@pulumi/policy";
import { fits } from "./glob";

/** Which stacks an entry of a policy's config is for; what is left out fits every stack. */
export interface StackSelector {
  readonly stack?: string;
  readonly project?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** For a `configSchema`. */
export const stackSelectorProperties = {
  stack: { type: "string", description: "The stack's name; `*` stands for anything." },
  project: { type: "string", description: "The project's name; `*` stands for anything." },
  tags: {
    type: "object",
    additionalProperties: { type: "string" },
    description: "Tags that the stack has (`pulumi stack tag`), with their values; `*` stands for anything.",
  },
} as const;

const urnForm = /^urn:pulumi:(.+?)::(.+?)::/;

/** A policy knows of its stack what its resources' URNs say, and its tags. */
export function isFor({ stack = "*", project = "*", tags = {} }: StackSelector, { urn, stackTags }: ResourceValidationArgs): boolean {
  const [, ofStack = "", ofProject = ""] = urnForm.exec(urn) ?? [];
  if (!fits(ofStack, stack) || !fits(ofProject, project)) return false;
  return Object.entries(tags).every(([name, value]) => fits(stackTags.get(name) ?? "", value) && stackTags.has(name));
}
