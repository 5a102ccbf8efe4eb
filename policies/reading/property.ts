import type { ResourceValidationArgs } from "@pulumi/policy";
import { knownPart } from "./known";

/** One input of the judged resource. Where any of it is not known yet this throws, and the engine says so under the policy's name. */
export function property(args: ResourceValidationArgs, key: string): unknown {
  const { value, cause } = knownPart(args.props, key);
  if (cause !== undefined) throw cause;
  return value;
}

/** `owner/package` of a retention policy. */
export function packageLabel(args: ResourceValidationArgs): string {
  return `${String(property(args, "owner"))}/${String(property(args, "package"))}`;
}
