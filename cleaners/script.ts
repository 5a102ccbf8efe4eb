import type { Danger } from "./cleaner";
import { dockerRunLine, unreadDockerRun } from "./containers";
import { dropUntagged } from "./safe-rule";
import type { Unread } from "./unread";

const maxLength = 100_000;
const namesVersions = /\/packages\/container\/|packages\.deletePackageVersion|deletePackageVersionFor/;
/** A DELETE of an API as `gh`, `curl`, PowerShell, Python and JavaScript write it; Octokit's methods; and GraphQL's mutation. */
const deletesPackages =
  /(?:-X\s*|--method[\s=]+|--request[\s=]+|-Method\s+)["']?(?:DELETE|[Dd]elete)\b|["'`]DELETE\b|\b(?:requests|session|httpx|axios|client|http)\.delete\(|deletePackage(?:Version)?(?:For\w+)?\b/;
/** Paths of GitHub's API for packages, with any part as a variable. */
const namesPackages =
  /\bpackages\/container\b|\bpackages\/[^\s"'`]*\/versions\b|\b(?:orgs|users)\/[^\s/"'`]+\/packages\/|\buser\/packages\/|\{package_type\}|deletePackage/;
/** Only these types of packages hold container images; `docker` is the registry before GHCR. */
const namesOtherType = /\/packages\/(?:npm|maven|rubygems|nuget|docker)\/|package_type:\s*["'](?:npm|maven|rubygems|nuget|docker)["']/;
/** Expressions of jq and JavaScript that select versions without a tag. */
const selectsUntagged = /tags\s*(?:\|\s*length\s*==\s*0|==\s*\[\]|\.length\s*={2,3}\s*0)|!\s*[\w.?]*tags\.length/;

/** Finds a script that deletes untagged versions from GitHub's raw list. `raw` is the script as it stands in the file, from `line` on. */
export function dangerOfScript(script: string, raw: string, line: number): Danger | undefined {
  const text = withoutComments(script);
  if (/\bghcrctl\s+delete\b(?!.*--dry-run)/.test(text)) {
    return {
      line: line + lineOf(raw, /\bghcrctl\s+delete\b/),
      what: "`ghcrctl delete`",
      why: "where the manifest of a kept index cannot be read, its platforms are deleted, and so are its signatures by `subject`",
      source: "its own code, run against an emulated GHCR",
      rule: dropUntagged(),
    };
  }
  if (!selectsUntagged.test(text) || !namesVersions.test(text) || !deletesPackages.test(text)) return undefined;
  return {
    line: line + lineOf(raw, selectsUntagged),
    what: "a script that deletes versions without a tag",
    why: "every platform of a multi-platform image is an untagged version, and every attestation is one",
    source: "https://github.com/actions/delete-package-versions/issues/162",
    rule: dropUntagged(),
  };
}

/** Names a script that deletes package versions, by whatever selection, or runs an image that does. */
export function unreadScript(script: string, raw: string, line: number): Unread | undefined {
  const text = withoutComments(script);
  const container = unreadDockerRun(text);
  if (container !== undefined) return { ...container, line: line + lineOf(raw, dockerRunLine) };
  if (!deletesPackages.test(text) || !namesPackages.test(text)) return undefined;
  if (namesOtherType.test(text) && !namesVersions.test(text.replace(new RegExp(namesOtherType, "g"), ""))) return undefined;
  return { line: line + lineOf(raw, deletesPackages), kind: "script", what: "a script that deletes package versions", deletes: "surely" };
}

function withoutComments(script: string): string {
  return script
    .slice(0, maxLength)
    .split("\n")
    .filter((line) => !/^\s*(?:#|\/\/)/.test(line))
    .join("\n");
}

/** The first line that matches and is no comment; the first of all where the match goes over several lines. */
function lineOf(raw: string, pattern: RegExp): number {
  const found = raw.split("\n").findIndex((line) => pattern.test(line) && !/^\s*(?:#|\/\/)/.test(line));
  return Math.max(found, 0);
}
