import type { ResourceValidationArgs } from "@pulumi/policy";
import { readProperty } from "./unknown-values";

/** Returns one input of the checked resource. Throws while any of it is unknown; the engine then reports that under the policy's name. */
export function property(args: ResourceValidationArgs, key: string): unknown {
  const { value, cause } = readProperty(args.props, key);
  if (cause !== undefined) throw cause;
  return value;
}

/** Returns `owner/package` of a retention policy. */
export function packageLabel(args: ResourceValidationArgs): string {
  return `${String(property(args, "owner"))}/${String(property(args, "package"))}`;
}
