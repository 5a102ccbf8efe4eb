import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";

export const Resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.output<typeof Resource>;

/** A stack's file. */
const Checkpoint = z.looseObject({
  checkpoint: z.looseObject({
    latest: z
      .looseObject({
        resources: z.array(Resource).default([]),
        secrets_providers: z
          .object({ state: z.object({ salt: z.string().optional(), url: z.string().optional(), encryptedkey: z.string().optional() }) })
          .optional(),
      })
      .optional(),
  }),
});

const Exported = z.object({ version: z.number(), deployment: z.unknown() });

/** By project, stack and secrets provider: the files that `pulumi stack init` wrote. */
const written = new Map<string, ReadonlyMap<string, Buffer>>();

/** The folder in which the engine keeps the state of one stack. */
export class StateFolder {
  constructor(
    readonly path: string,
    private readonly project: string,
    private readonly stack: string,
  ) {}

  /** As PULUMI_BACKEND_URL takes it. */
  get url(): string {
    return String(pathToFileURL(this.path));
  }

  /** `initialize` writes the state of a new stack. It is the same each time, so it runs once for each project, name and secrets provider. */
  async create(secretsProvider: string, initialize: () => Promise<void>): Promise<void> {
    const key = `${this.project}/${this.stack} ${secretsProvider}`;
    const files = written.get(key);
    if (files !== undefined) return writeFiles(this.path, files);
    await initialize();
    written.set(key, await filesIn(this.path));
  }

  /** What `pulumi stack export` prints, without starting the engine for it. */
  async resources(): Promise<Resource[]> {
    return (await this.#latest())?.resources ?? [];
  }

  /** What the stack's config holds of the state's secrets provider: with another one, the engine would ask both for their key. */
  async secretsConfig(): Promise<Record<string, unknown>> {
    const { salt, url, encryptedkey } = (await this.#latest())?.secrets_providers?.state ?? {};
    return salt === undefined ? { secretsprovider: url, encryptedkey } : { encryptionsalt: salt };
  }

  /** As `pulumi stack import` of an exported state does, without starting the engine for it. */
  async import(exported: unknown): Promise<void> {
    const { version, deployment } = Exported.parse(exported);
    const checkpoint = { stack: `organization/${this.project}/${this.stack}`, latest: deployment };
    await writeFile(this.#file, JSON.stringify({ version, checkpoint }));
  }

  async #latest() {
    return Checkpoint.parse(JSON.parse(await readFile(this.#file, "utf8"))).checkpoint.latest;
  }

  get #file(): string {
    return join(this.path, ".pulumi", "stacks", this.project, `${this.stack}.json`);
  }
}

async function filesIn(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path)] as const)));
}

async function writeFiles(folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
