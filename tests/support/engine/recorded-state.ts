import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Sandbox, type SandboxState, startSandbox } from "../../../sandbox";
import { Stack } from "./stack";
import { PackageWorld } from "./world";

const states = join(__dirname, "..", "..", "fixtures", "states");

const key = { policies: "ghcr-retention:policies", cacheDir: "ghcr-retention:cacheDir" };

/** A stack as an earlier build left it, on the real engine, with the registry as it was then. */
export class RecordedState {
  private constructor(
    readonly name: string,
    readonly sandbox: Sandbox,
    readonly stack: Stack,
  ) {}

  static async open(name: string): Promise<RecordedState> {
    const sandbox = await registryOf(await recordedWorld(name));
    try {
      const { config } = JSON.parse(filledIn(await read(name, "config.json"), sandbox));
      const { [key.policies]: policies, [key.cacheDir]: _folder, ...rest } = config;
      const stack = await Stack.create(sandbox, { policies, config: rest, passphrase: true });
      await stack.import(JSON.parse(filledIn(await read(name, "state.json"), sandbox, stack.folder)));
      return new RecordedState(name, sandbox, stack);
    } catch (error) {
      await sandbox.close();
      throw error;
    }
  }

  world(repository: string): PackageWorld {
    return new PackageWorld(this.sandbox, repository);
  }

  /** What the earlier build's `preview --diff` said of the stack. */
  async preview(): Promise<string> {
    return filledIn(await read(this.name, "preview.txt"), this.sandbox);
  }

  async close(): Promise<void> {
    await this.stack.remove();
    await this.sandbox.close();
  }
}

/** The registry beside a state. */
export async function recordedWorld(name: string): Promise<SandboxState> {
  return JSON.parse(await read(name, "world.json"));
}

function read(name: string, file: string): Promise<string> {
  return readFile(join(states, name, file), "utf8");
}

/** What differs from machine to machine, in the place of its name. */
function filledIn(text: string, { githubApiUrl, registryUrl }: Sandbox, folder = ""): string {
  const places = { githubApiUrl, registryUrl, cacheDir: join(folder, "cache") };
  return Object.entries(places).reduce((filled, [name, value]) => filled.replaceAll(`{{${name}}}`, value), text);
}

/** The registry as it was, with the same ids; of exact bytes, since another Node.js compresses the layers otherwise. */
async function registryOf(state: SandboxState): Promise<Sandbox> {
  const sandbox = await startSandbox({ now: state.clock });
  const { store } = sandbox;
  const contents = Object.entries<string>(JSON.parse(await readFile(join(states, "contents.json"), "utf8")));
  for (const [digest, base64] of contents) store.blobs.put(digest, Buffer.from(base64, "base64"));

  const all = state.packages.flatMap(({ id, package: repository, versions, deleted }) =>
    [...versions, ...deleted].map((version) => ({ packageId: id, repository, version })),
  );
  for (const { packageId, repository, version } of all.sort((a, b) => a.version.id - b.version.id)) {
    if (store.find(repository) === undefined) store.sawId(packageId - 1);
    const pkg = store.findOrCreate(repository);
    store.sawId(version.id - 1);
    const { digest, mediaType, tags, createdAt, updatedAt, downloads, deletedAt } = version;
    const manifest = store.blobs.get(digest)?.toString("utf8") ?? "";
    sandbox.seed([{ package: repository, manifest, mediaType, tags: [...tags], createdAt, updatedAt, downloads }]);
    const seeded = pkg.byDigest(digest);
    if (seeded && deletedAt !== null) pkg.remove(seeded, Date.parse(deletedAt));
  }
  for (const { package: repository } of state.packages) for (const [digest] of contents) store.linkBlob(repository, digest);
  assert.deepEqual(sandbox.state(), state);
  return sandbox;
}
