// @ts-check
import { capture, findOnPath } from "./command.mjs";

/**
 * The one client that does not build from the Go module proxy alone (it needs C libraries). A CI container is thrown away,
 * so there it is installed; on a person's machine that is theirs to do. @type {import("./progress.mjs").Step}
 */
export const skopeo = {
  name: "skopeo",
  async ready() {
    if (await findOnPath("skopeo")) return "found on PATH";
    return (await mayInstall()) ? undefined : "not found, its tests are skipped: 'apt-get install skopeo' adds it";
  },
  async make(doing) {
    doing("installing the Debian package");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = () => capture("apt-get", ["install", "-y", "--no-install-recommends", "skopeo"], { env });
    try {
      // A fresh container has no package lists yet.
      await install().catch(() => capture("apt-get", ["update"], { env }).then(install));
      return "installed";
    } catch {
      return "'apt-get install skopeo' failed, its tests are skipped";
    }
  },
};

async function mayInstall() {
  return process.env.CI === "true" && process.getuid?.() === 0 && (await findOnPath("apt-get")) !== undefined;
}
