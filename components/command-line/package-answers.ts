import { type PackageAnswers, questionKey } from "../migration/step-packages";

/** Parses the values of `--package`: names with commas between, and answers to one question such as `inputs.image=web`. */
export function packageAnswers(owner: string | undefined, values: readonly string[]): PackageAnswers {
  const packages: string[] = [];
  const byWritten = new Map<string, readonly string[]>();
  for (const value of values) {
    // A package's name has no `=`, and an expression may have some.
    const at = value.lastIndexOf("=");
    const names = split(value.slice(at + 1));
    const written = value.slice(0, Math.max(at, 0)).trim();
    if (names.length === 0 || (at !== -1 && written === "")) {
      throw new Error(`--package ${value}: expected a name such as \`web\`, or an answer such as \`inputs.image=web\``);
    }
    if (at === -1) packages.push(...names);
    else byWritten.set(questionKey(written), names);
  }
  return { owner, byWritten, ...(packages.length === 0 ? {} : { packages }) };
}

function split(names: string): string[] {
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
