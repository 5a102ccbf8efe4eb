// @ts-check

const heartbeatMs = 15_000;

/**
 * A thing that must be ready before a command can run.
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<string | undefined>} ready what is there already, in a few words; undefined when there is work to do
 * @property {(doing: (what: string) => void) => Promise<string>} make does the work and says what it made
 */

/** Everything about the set-up goes to stderr: a command's stdout is its own. @param {string} line */
export function say(line) {
  process.stderr.write(`set-up  ${line}\n`);
}

/**
 * Runs long work with a line at its start and one every 15 seconds, the same on a terminal and in a CI log.
 * @template T
 * @param {string} name
 * @param {(doing: (what: string) => void) => Promise<T>} work calls `doing` with what it is about to do
 * @returns {Promise<T>}
 */
export async function withHeartbeat(name, work) {
  const started = Date.now();
  let current = "";
  const heartbeat = setInterval(() => current && say(`${name}: ${current} … ${seconds(Date.now() - started, 0)}`), heartbeatMs);
  try {
    return await work((what) => {
      current = what;
      say(`${name}: ${what} …`);
    });
  } finally {
    clearInterval(heartbeat);
  }
}

/** @param {number} ms @param {number} [digits] */
export function seconds(ms, digits = 1) {
  return `${(ms / 1000).toFixed(digits)} s`;
}
