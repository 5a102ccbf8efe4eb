import type { Step } from "../../../cleaners/cleaner";

/** Reads `[3, 1]` from `v3.1.0`, or from a commit followed by `# v3.1.0`; `undefined` for branches and bare commits. */
export function versionOfAction({ ref, comment }: Step): readonly [major: number, minor: number | undefined] | undefined {
  for (const text of [ref, comment.split(/\s+/, 1)[0] ?? ""]) {
    const [, major, minor] = /^v?(\d{1,4})(?:\.(\d{1,4}))?(?:[.-]|$)/.exec(text) ?? [];
    // A commit may start with digits.
    if (major !== undefined && !/^[0-9a-f]{40}$/.test(text)) return [Number(major), minor === undefined ? undefined : Number(minor)];
  }
  return undefined;
}
