import type { Step } from "../../../cleaners/cleaner";

/** `[3, 1]` of `v3.1.0`, or of a commit with `# v3.1.0` behind it; `undefined` of branches and commits. */
export function versionOfAction({ ref, comment }: Step): readonly [major: number, minor: number | undefined] | undefined {
  for (const text of [ref, comment.split(/\s+/, 1)[0] ?? ""]) {
    const [, major, minor] = /^v?(\d{1,4})(?:\.(\d{1,4}))?(?:[.-]|$)/.exec(text) ?? [];
    // A commit may begin with digits.
    if (major !== undefined && !/^[0-9a-f]{40}$/.test(text)) return [Number(major), minor === undefined ? undefined : Number(minor)];
  }
  return undefined;
}
