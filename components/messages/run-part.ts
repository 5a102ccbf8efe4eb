/** What stands under a policy that `--target` or `--exclude` leaves out, or that is only refreshed or destroyed. */
export const leftOutText = "not part of this run";

/** Writes for which values the plan of a preview waits. */
export function awaitedText(properties: readonly string[]): string {
  return `nothing is planned yet: ${named(properties)} is known only once what it comes from is deployed; \`pulumi up\` plans then`;
}

/** Writes that a policy could not be judged in an update, because values did not become known. */
export function neverKnownText(properties: readonly string[]): string {
  return (
    `nothing is planned or deleted: ${named(properties)} did not become known, because what it comes from failed or is not part of this run; ` +
    "run `pulumi up` again once it is deployed"
  );
}

/** Writes that the provider got nothing of what the program saw. */
export function notObservedText(label: string): string {
  return (
    `${label}: nothing of it is planned or deleted: the engine did not pass on what the program saw of it. ` +
    '`ignoreChanges: ["*"]` or a transform takes it away; let it pass'
  );
}

/** Writes that a run was cancelled before its package was observed. */
export function cancelledText(label: string): string {
  return `${label}: nothing of it is planned or deleted: the run was cancelled while the program observed it. Run it again`;
}

/** Writes that a policy is not judged by the values that the program gave. */
export function passedOnText(properties: readonly string[]): string {
  return (
    `the engine passed on other values of ${named(properties)} than the program gave: \`ignoreChanges\` or a transform changed them. ` +
    "All of this follows what was passed on; where that is not meant, change the resource's options"
  );
}

/** Writes that a policy is about something else than what the program observed. */
export function otherPackageText(label: string, property: string, [given, passed]: readonly [given: string, passed: string]): string {
  return (
    `${label}: the program observed it with \`${property}\` "${given}", and the engine passed on "${passed}": \`ignoreChanges\` or a transform changed it. ` +
    "Nothing of it is planned or deleted; give the resource itself what it is about"
  );
}

function named(properties: readonly string[]): string {
  return properties.map((property) => `\`${property}\``).join(", ");
}
