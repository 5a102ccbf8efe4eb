import type { Policies } from "@pulumi/policy";
import { noUntaggedChildren } from "./no-untagged-children";

/** Every policy of the pack. */
export const policies: Policies = [noUntaggedChildren];
