import type { Step } from "../../../cleaners/cleaner";

export type ActionVersion = readonly [major: number, minor: number | undefined, patch: number | undefined];

/** Reads `[3, 1, 0]` from `v3.1.0`, or from a commit followed by `# v3.1.0`; `undefined` for branches and bare commits. */
export function versionOfAction({ ref, comment }: Step): ActionVersion | undefined {
  for (const text of [ref, comment.split(/\s+/, 1)[0] ?? ""]) {
    const [, major, minor, patch] = /^v?(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?(?:[.-]|$)/.exec(text) ?? [];
    // A commit may start with digits.
    if (major !== undefined && !/^[0-9a-f]{40}$/.test(text)) return [Number(major), numberOf(minor), numberOf(patch)];
  }
  return undefined;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Whether the version comes before another; a tag such as `v1` stands for the newest of its releases. */
export function isBefore([major, minor = Infinity, patch = Infinity]: ActionVersion, text: string): boolean {
  const [otherMajor = 0, otherMinor = 0, otherPatch = 0] = text.split(".").map(Number);
  if (major !== otherMajor) return major < otherMajor;
  if (minor !== otherMinor) return minor < otherMinor;
  return patch < otherPatch;
}
