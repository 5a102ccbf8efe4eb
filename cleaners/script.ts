import type { Danger } from "./cleaner";
import { dropUntagged } from "./safe-rule";

const maxLength = 100_000;
const deletesPackages = /\bDELETE\b/;
const namesVersions = /\/packages\/container\/|packages\.deletePackageVersion|deletePackageVersionFor/;
/** Expressions of jq and JavaScript that select versions without a tag. */
const selectsUntagged = /tags\s*(?:\|\s*length\s*==\s*0|==\s*\[\]|\.length\s*={2,3}\s*0)|!\s*[\w.?]*tags\.length/;

/** Finds a script that deletes untagged versions from GitHub's raw list. `line` is the script's first line. */
export function dangerOfScript(script: string, line: number): Danger | undefined {
  const text = script.slice(0, maxLength);
  const ghcrctl = lineOf(text, /\bghcrctl\s+delete\b(?!.*--dry-run)/);
  if (ghcrctl !== undefined) {
    return {
      line: line + ghcrctl,
      what: "`ghcrctl delete`",
      why: "where the manifest of a kept index cannot be read, its platforms are deleted, and so are its signatures by `subject`",
      source: "its own code, run against an emulated GHCR",
      rule: dropUntagged(),
    };
  }
  const untagged = lineOf(text, selectsUntagged);
  if (untagged === undefined || !namesVersions.test(text)) return undefined;
  if (!deletesPackages.test(text) && !/deletePackageVersion/.test(text)) return undefined;
  return {
    line: line + untagged,
    what: "a script that deletes versions without a tag",
    why: "every platform of a multi-platform image is an untagged version, and every attestation is one",
    source: "https://github.com/actions/delete-package-versions/issues/162",
    rule: dropUntagged(),
  };
}

function lineOf(text: string, pattern: RegExp): number | undefined {
  const lines = text.split("\n");
  const found = lines.findIndex((line) => pattern.test(line));
  return found === -1 ? undefined : found;
}
