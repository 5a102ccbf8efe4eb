import { satisfies } from "semver";

/** What a tag says of a version: `v1.4.2-rc.1-slim` is 1.4.2, prerelease `rc.1`, variant `slim`. */
export interface OracleVersion {
  readonly numbers: readonly number[];
  readonly prerelease: readonly string[];
  readonly variant: string;
}

const stages = ["alpha", "beta", "rc", "cr", "pre", "preview", "dev", "next", "canary", "nightly", "snapshot", "m"];

export function oracleVersion(tag: string): OracleVersion | undefined {
  // In a tag, `_` stands for the `+` of a version.
  const [version = "", ...builds] = tag.split("_");
  if (builds.length > 1 || builds.some((build) => build.split(".").includes(""))) return undefined;
  const [core = "", ...suffixes] = (version.startsWith("v") ? version.slice(1) : version).split("-");
  const numbers = core.split(".");
  if (numbers.length !== 3 || !numbers.every((part) => isNumber(part) && part.length < 10)) return undefined;
  if (suffixes.length === 1 && suffixes[0] === "") return undefined;
  const prerelease: string[] = [];
  const rest = [...suffixes];
  while (rest[0] !== undefined && isStage(rest[0])) prerelease.push(apart(rest.shift() ?? ""));
  return {
    numbers: numbers.map(Number),
    prerelease: prerelease.length === 0 ? [] : prerelease.join("-").split("."),
    variant: [...rest, ...(builds[0] ?? "").split("-").filter(isWord)].join("-"),
  };
}

/** `jdk` and `amd64` are words; `8`, `build.5` and the commit `abcdef1` are none. */
function isWord(part: string): boolean {
  const characters = [...part.toLowerCase()];
  const first = characters[0] ?? "0";
  const commit = first === "g" ? characters.slice(1) : characters;
  const isCommit = commit.length >= 7 && commit.every((one) => isNumber(one) || (one >= "a" && one <= "f"));
  return first >= "a" && first <= "z" && !part.includes(".") && !isCommit;
}

/** `rc.1`, `RC1`, `canary.5f3c2a1`, `20240101`: a stage of a version. `alpine3.20`: a variant. */
function isStage(suffix: string): boolean {
  const parts = suffix.split(".");
  if (parts.some((part) => part === "")) return false;
  if (parts.every(isNumber)) return true;
  let word = (parts[0] ?? "").toLowerCase();
  while (word !== "" && isNumber(word.slice(-1))) word = word.slice(0, -1);
  return stages.includes(word);
}

/** `rc10` is the tenth, as `rc.10` is. */
function apart(suffix: string): string {
  const letters = [...suffix].findIndex((character) => isNumber(character));
  const word = suffix.slice(0, letters < 0 ? undefined : letters);
  return letters > 0 && !word.includes(".") ? `${word}.${suffix.slice(letters)}` : suffix;
}

function isNumber(text: string): boolean {
  return text !== "" && [...text].every((character) => character >= "0" && character <= "9");
}

export function isInRange(tag: string, range: string): boolean {
  const version = oracleVersion(tag);
  if (version === undefined) return false;
  const prerelease = version.prerelease.length > 0 ? `-${version.prerelease.join(".")}` : "";
  const bounds = range.split(" ").map((bound) =>
    bound
      .split("-")
      .map((part, place) => (place === 0 ? part : apart(part)))
      .join("-"),
  );
  return satisfies(`${version.numbers.join(".")}${prerelease}`, bounds.join(" "), { loose: true });
}

/** https://semver.org/#spec-item-11 */
export function isNewerVersion(one: OracleVersion, other: OracleVersion): boolean {
  for (const place of [0, 1, 2]) {
    const difference = (one.numbers[place] ?? 0) - (other.numbers[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  if (one.prerelease.length === 0 || other.prerelease.length === 0) return one.prerelease.length === 0 && other.prerelease.length > 0;
  for (const [place, identifier] of one.prerelease.entries()) {
    const against = other.prerelease[place];
    if (against === undefined) return true;
    if (isNumber(identifier) && isNumber(against)) {
      if (Number(identifier) !== Number(against)) return Number(identifier) > Number(against);
    } else if (identifier !== against) {
      if (isNumber(identifier) !== isNumber(against)) return isNumber(against);
      return identifier > against;
    }
  }
  return false;
}

/** Which versions are counted together. */
export function groupName({ numbers, variant }: OracleVersion, per: "major" | "minor" | "patch" | undefined): string {
  if (per === "major") return JSON.stringify([numbers[0], variant]);
  if (per === "minor") return JSON.stringify([numbers[0], numbers[1], variant]);
  return per === "patch" ? JSON.stringify([...numbers, variant]) : JSON.stringify([variant]);
}
