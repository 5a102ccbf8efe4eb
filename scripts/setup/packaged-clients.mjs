// @ts-check
import { readdir } from "node:fs/promises";
import { capture, findOnPath } from "./command.mjs";

/**
 * Debian packages, and how to find each. The commands of the PostgreSQL server are not on PATH.
 * @type {Record<string, () => Promise<unknown>>}
 */
const clients = {
  skopeo: () => findOnPath("skopeo"),
  buildah: () => findOnPath("buildah"),
  chromium: () => findOnPath("chromium"),
  jq: () => findOnPath("jq"),
  postgresql: async () => (await findOnPath("initdb")) ?? (await readdir("/usr/lib/postgresql").catch(() => []))[0],
};

/**
 * The clients that cannot be built from the Go module proxy alone (they need C libraries), a browser for the tests of the
 * review's page, and PostgreSQL for those of its backend. They are installed in a disposable CI container only; on other
 * machines the user installs them. @type {import("./progress.mjs").Step}
 */
export const packagedClients = {
  name: "skopeo, buildah, Chromium, jq and PostgreSQL",
  async ready() {
    const missing = await missingClients();
    if (missing.length === 0) return "found";
    return (await canInstall()) ? undefined : `${missing.join(", ")} not found, their tests are skipped: 'apt-get install' adds them`;
  },
  async make(doing) {
    doing("installing the Debian packages");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const missing = await missingClients();
    const install = () => capture("apt-get", ["install", "-y", "--no-install-recommends", ...missing], { env });
    try {
      // A fresh container has no package lists.
      await install().catch(() => capture("apt-get", ["update"], { env }).then(install));
      return "installed";
    } catch {
      return `'apt-get install ${missing.join(" ")}' failed, their tests are skipped`;
    }
  },
};

async function missingClients() {
  const found = await Promise.all(Object.entries(clients).map(async ([name, find]) => ({ name, there: await find() })));
  return found.filter(({ there }) => there === undefined).map(({ name }) => name);
}

async function canInstall() {
  return process.env.CI === "true" && process.getuid?.() === 0 && (await findOnPath("apt-get")) !== undefined;
}
