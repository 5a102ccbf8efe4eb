// @ts-check

const heartbeatMs = 15_000;

/**
 * A requirement of a command.
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<string | undefined>} ready describes in a few words what is there; undefined when there is work to do
 * @property {(doing: (what: string) => void) => Promise<string>} make does the work and describes the result
 */

/** Prints a line of the set-up to stderr, since stdout belongs to the command. @param {string} line */
export function say(line) {
  process.stderr.write(`set-up  ${line}\n`);
}

/**
 * Runs long work and prints a line at its start and every 15 seconds, on a terminal and in a CI log alike.
 * @template T
 * @param {string} name
 * @param {(doing: (what: string) => void) => Promise<T>} work calls `doing` with its next step
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
