// @ts-check
import { isolatedEnvironment } from "../setup/environment.mjs";

/** For a shell: `eval "$(node scripts/run.mjs env)"`, then `npx mocha tests/unit/plan`. */
export async function env() {
  const wanted = await isolatedEnvironment();
  for (const [name, value] of Object.entries(wanted)) {
    if (process.env[name] !== value) process.stdout.write(`export ${name}='${value?.replaceAll("'", "'\\''")}'\n`);
  }
  return 0;
}
