// @ts-check

/**
 * Whether a release is at least as new as another; a pre-release of it is not.
 * @param {string} version like "3.250.0" or "v3.250.0-alpha.1"
 * @param {string} minimum
 */
export function isAtLeast(version, minimum) {
  const [have, want] = [parts(version), parts(minimum)];
  for (let index = 0; index < 3; index++) {
    const difference = (have.numbers[index] ?? 0) - (want.numbers[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return !have.preRelease || want.preRelease;
}

/** @param {string} version */
function parts(version) {
  const [release = "", preRelease] = version.replace(/^v/, "").split(/-(.*)/s);
  return { numbers: release.split(".").map(Number), preRelease: preRelease !== undefined };
}
