// @ts-check
import { capture, findOnPath } from "./command.mjs";

const clients = ["skopeo", "buildah"];

/**
 * The clients that do not build from the Go module proxy alone (they need C libraries). A CI container is thrown away,
 * so there they are installed; on a person's machine that is theirs to do. @type {import("./progress.mjs").Step}
 */
export const packagedClients = {
  name: "skopeo and buildah",
  async ready() {
    const missing = await missingClients();
    if (missing.length === 0) return "found on PATH";
    return (await mayInstall()) ? undefined : `${missing.join(", ")} not found, their tests are skipped: 'apt-get install' adds them`;
  },
  async make(doing) {
    doing("installing the Debian packages");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const missing = await missingClients();
    const install = () => capture("apt-get", ["install", "-y", "--no-install-recommends", ...missing], { env });
    try {
      // A fresh container has no package lists yet.
      await install().catch(() => capture("apt-get", ["update"], { env }).then(install));
      return "installed";
    } catch {
      return `'apt-get install ${missing.join(" ")}' failed, their tests are skipped`;
    }
  },
};

async function missingClients() {
  const found = await Promise.all(clients.map((client) => findOnPath(client)));
  return clients.filter((_, place) => found[place] === undefined);
}

async function mayInstall() {
  return process.env.CI === "true" && process.getuid?.() === 0 && (await findOnPath("apt-get")) !== undefined;
}
