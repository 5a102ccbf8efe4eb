import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { freePort } from "./free-port";

const run = promisify(execFile);
const debian = "/usr/lib/postgresql";

/** A PostgreSQL server on loopback, in a folder of its own. */
export interface Postgres {
  /** As PULUMI_BACKEND_URL takes it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The folder of the server's commands; `undefined` where it is not installed. Debian puts them on nobody's PATH. */
export async function findPostgres(): Promise<string | undefined> {
  const versions = await readdir(debian).catch(() => []);
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...versions.map((version) => join(debian, version, "bin"))];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

export async function startPostgres(commands: string): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-postgres-"));
  const user = await serverUser();
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const port = await freePort();
  try {
    await run(join(commands, "initdb"), ["-D", data, "-U", "pulumi", "--auth=trust", "--no-sync"], { ...user, cwd: folder });
    const server = spawn(join(commands, "postgres"), ["-D", data, "-k", folder, "-h", "127.0.0.1", "-p", String(port), "-F"], {
      ...user,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, LC_ALL: "C" },
    });
    const ended = new Promise((resolve) => server.once("close", resolve));
    const stop = async () => {
      // SIGINT is its fast shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
      server.kill("SIGINT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    };
    await ready(server).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { url: `postgres://pulumi@127.0.0.1:${port}/postgres?sslmode=disable`, stop };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The server refuses to run as root. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const ask = async (what: string, name: string) => Number((await run("id", [what, name])).stdout);
  for (const name of ["postgres", "nobody"]) {
    try {
      return { uid: await ask("-u", name), gid: await ask("-g", name) };
    } catch {
      // No such user here.
    }
  }
  return undefined;
}

/** Until it says so itself; what it said is the error where it ends before. */
function ready(server: ChildProcessByStdio<null, null, Readable>): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("close", () => reject(new Error(`PostgreSQL did not start:\n${said}`)));
    server.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("ready to accept connections")) resolve();
    });
  });
}
