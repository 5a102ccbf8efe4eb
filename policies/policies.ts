import type { Policies } from "@pulumi/policy";
import { approvalRequired } from "./approval-required";
import { limitsRequired } from "./limits-required";
import { minimumGrace } from "./minimum-grace";
import { noUnreviewedRestore } from "./no-unreviewed-restore";
import { noUnsafeCleaners } from "./no-unsafe-cleaners";
import { noUntaggedChildren } from "./no-untagged-children";
import { noUntaggedChildrenElsewhere } from "./no-untagged-children-elsewhere";
import { noWeakenedOrganizationRules } from "./no-weakened-organization-rules";
import { protectedTags } from "./protected-tags";
import { refusingUnknownKeys } from "./reading/known-config";

/** Every policy of the pack. */
export const policies: Policies = [
  noUntaggedChildren,
  noUnsafeCleaners,
  noUntaggedChildrenElsewhere,
  approvalRequired,
  limitsRequired,
  noWeakenedOrganizationRules,
  minimumGrace,
  protectedTags,
  noUnreviewedRestore,
].map(refusingUnknownKeys);
