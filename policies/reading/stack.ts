import type { ResourceValidationArgs } from "@pulumi/policy";
import { fits } from "./glob";

/** Selects stacks for an entry of a policy's config; an omitted property matches every stack. */
export interface StackSelector {
  readonly stack?: string;
  readonly project?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The properties of a selector in a `configSchema`. */
export const stackSelectorProperties = {
  stack: { type: "string", description: "The stack's name; `*` matches anything." },
  project: { type: "string", description: "The project's name; `*` matches anything." },
  tags: {
    type: "object",
    additionalProperties: { type: "string" },
    description: "Tags that the stack has (`pulumi stack tag`), with their values; `*` matches anything.",
  },
} as const;

const urnForm = /^urn:pulumi:(.+?)::(.+?)::/;

/** Whether the selector matches the stack, by the resource's URN and the stack's tags. */
export function isFor({ stack = "*", project = "*", tags = {} }: StackSelector, { urn, stackTags }: ResourceValidationArgs): boolean {
  const [, ofStack = "", ofProject = ""] = urnForm.exec(urn) ?? [];
  if (!fits(ofStack, stack) || !fits(ofProject, project)) return false;
  return Object.entries(tags).every(([name, value]) => fits(stackTags.get(name) ?? "", value) && stackTags.has(name));
}
