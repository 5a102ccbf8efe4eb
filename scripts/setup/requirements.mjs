// @ts-check

/**
 * Checks the version of Node. Has no imports and no new syntax, so that an old Node prints this message instead of a stack trace.
 * @param {string} version
 * @returns {string | undefined} what is wrong, with the remedy
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  // The first Node 20 whose `require` loads ESM-only packages: https://nodejs.org/api/modules.html#loading-ecmascript-modules-using-require
  if (major > 22 || (major === 20 && minor >= 19) || (major === 22 && minor >= 12)) return undefined;
  return `Node ${version} is too old: this needs Node 20.19, 22.12 or newer. Install it from https://nodejs.org/en/download`;
}
