import { z } from "zod";
import { MediaType, type PushTarget, type Sandbox } from "../../../sandbox";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body read as JSON; undefined when it is none. */
  readonly body: unknown;
  readonly message: string | undefined;
}

export interface CallOptions {
  readonly method?: string;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A call of the Packages API, by the all-powerful token unless another or none is given. */
export function callApi(sandbox: Sandbox, path: string, options: CallOptions = {}): Promise<Answer> {
  const token = options.token === undefined ? sandbox.token : options.token;
  return call(`${sandbox.githubApiUrl}${path}`, options, token === null ? {} : { authorization: `token ${token}` });
}

/** A call of the registry, signed in the short way. */
export function callRegistry(sandbox: Sandbox, path: string, options: CallOptions = {}): Promise<Answer> {
  const token = options.token === undefined ? sandbox.token : options.token;
  const accept = Object.values(MediaType).join(", ");
  return call(`${sandbox.registryUrl}${path}`, options, token === null ? { accept } : { accept, authorization: bearer(token) });
}

export function control(sandbox: Sandbox, what: string, body?: unknown): Promise<Answer> {
  const [method = "GET", path = ""] = what.split(" ");
  return call(`${sandbox.url}/_sandbox/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }, {});
}

export function bearer(token: string): string {
  return `Bearer ${Buffer.from(token).toString("base64")}`;
}

export function targetOf(sandbox: Sandbox, repository: string): PushTarget {
  return { registryUrl: sandbox.registryUrl, token: sandbox.token, repository };
}

async function call(url: string, { method = "GET", headers = {}, body }: CallOptions, own: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...own, ...headers },
    redirect: "manual",
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const parsed = parse(bytes);
  const message = z.object({ message: z.string() }).safeParse(parsed).data?.message;
  return { status: response.status, headers: response.headers, bytes, body: parsed, message };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

const ListedVersion = z.looseObject({
  id: z.int(),
  name: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  deleted_at: z.string().optional(),
  metadata: z.object({ container: z.object({ tags: z.array(z.string()) }) }),
});
export type ListedVersion = z.infer<typeof ListedVersion>;

/** A page of versions, as an API answer holds it. */
export function versionsIn(answer: Answer): ListedVersion[] {
  return z.array(ListedVersion).parse(answer.body);
}

export function tagsIn(answer: Answer): string[][] {
  return versionsIn(answer).map((version) => version.metadata.container.tags);
}

/** Code and text of an OCI error. */
export function ociErrorIn(answer: Answer): { code: string; message: string } | undefined {
  return z.object({ errors: z.array(z.object({ code: z.string(), message: z.string() })) }).parse(answer.body).errors[0];
}

/** The targets of a `Link` header by their relation. */
export function linksIn(answer: Answer): Record<string, string> {
  const header = answer.headers.get("link") ?? "";
  return Object.fromEntries([...header.matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, url = "", relation = ""]) => [relation, url]));
}
