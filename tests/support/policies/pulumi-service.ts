import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a publish sends, as far as the test reads it. */
export interface Published {
  readonly name: string;
  readonly versionTag: string;
  readonly policies: readonly {
    readonly name: string;
    readonly description: string;
    readonly severity: string;
    readonly configSchema?: unknown;
    readonly remediationSteps: string;
    readonly framework: { readonly name: string };
    readonly tags: readonly string[];
  }[];
}

/** The part of Pulumi Cloud that `pulumi policy publish` speaks to, on loopback. */
export interface PulumiService {
  readonly url: string;
  readonly published: Published[];
  /** The uploaded archives. */
  readonly uploads: Buffer[];
  /** `/api/…/complete`, once the upload is there. */
  readonly completed: string[];
  close(): void;
}

export async function startPulumiService(organization: string): Promise<PulumiService> {
  const published: Published[] = [];
  const uploads: Buffer[] = [];
  const completed: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = request.url ?? "";
    if (request.method === "PUT") uploads.push(body);
    if (path.endsWith("/complete")) completed.push(path);
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer(path, body)));
  });

  function answer(path: string, body: Buffer): object {
    if (path === "/api/user") return { githubLogin: organization, name: organization, organizations: [] };
    if (path !== `/api/orgs/${organization}/policypacks`) return {};
    published.push(JSON.parse(body.toString("utf8")) as Published);
    return { version: 1, uploadURI: `${url}/upload` };
  }

  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, published, uploads, completed, close: () => void server.close() };
}
