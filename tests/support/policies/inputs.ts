import type { CheckedInputs } from "../../../components/lifecycle/state/stored";
import { digestOf } from "../builders/package";

export const retentionPolicy = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";

/** Untagged index `old` with two platforms waits for approval; `older`, of one platform, is approved. */
export function validInputs() {
  return {
    owner: "logto-io",
    package: "logto",
    githubApiUrl: "https://api.github.com",
    registryUrl: "https://ghcr.io",
    deletionsPerMinute: 180,
    rules: [
      { name: "keep-releases", action: "keep", tags: ["prod", "v*"] },
      { name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" },
    ],
    deletions: {
      [digestOf("older")]: "untagged 61 days, nothing needs it",
      [digestOf("older amd64")]: "linux/amd64 of older",
    },
    plans: { "2026-11-20-0123456789ab": { images: "1", parts: "2", tags: "" } },
    pending: {
      id: "2026-11-23-7f3a9c21b4d0",
      tags: "",
      deletions: {
        [digestOf("old")]: "untagged 41 days, nothing needs it",
        [digestOf("old amd64")]: "linux/amd64 of old",
        [digestOf("old arm64")]: "linux/arm64 of old",
      },
    },
    evidence: {
      keepers: {
        [short("old")]: `${short("old amd64")} ${short("old arm64")}`,
        [short("older")]: short("older amd64"),
      },
    },
  } satisfies CheckedInputs;
}

/** One more match of a rule, which an image needs. */
export function neededMatch() {
  return { rule: "drop-untagged", digest: digestOf("prod arm64"), as: "linux/arm64", neededBy: ["prod", "v1.2.0"] };
}

export function short(name: string): string {
  return digestOf(name).slice(0, "sha256:".length + 12);
}
