import { z } from "zod";
import { HttpClient, responseMilliseconds } from "../../components/inventory/http/http";
import { type Headers, type HttpResponse, headerOf } from "../../components/inventory/http/response";
import type { RegistryConnection } from "../../components/inventory/registry/client";
import type { PushRefused } from "../../sandbox";
import { ProbePackage } from "./probe-package";

/** What the registry answered, whatever its status. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

interface Call {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Below the repository. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const maxBytes = 4 * 1024 * 1024;
const bounds = { bytes: () => maxBytes, milliseconds: responseMilliseconds };

/** Requests to the registry about the package of a live run whose answers are looked at themselves. */
export class RegistryCalls {
  readonly #http = new HttpClient(2);
  readonly #url: URL;
  readonly #token: string;
  readonly #repository: string;

  constructor(probe: ProbePackage, { url }: RegistryConnection, token: string) {
    ProbePackage.expect(probe);
    this.#url = new URL(url);
    this.#token = token;
    this.#repository = `${probe.owner.toLowerCase()}/${probe.name}`;
  }

  ask({ path, headers, ...call }: Call): Promise<RegistryAnswer> {
    const authorization = `Bearer ${Buffer.from(this.#token).toString("base64")}`;
    return this.#send({ ...call, path: `/v2/${this.#repository}/${path}`, headers: { ...headers, authorization } });
  }

  /** Signs in by POST, as containerd does: https://distribution.github.io/distribution/spec/auth/oauth/ */
  signInByPost(user: string): Promise<RegistryAnswer> {
    const form = { grant_type: "password", service: this.#url.host, client_id: "ghcr-retention", username: user, password: this.#token };
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return this.#send({ method: "POST", path: "/token", headers, body: Buffer.from(String(new URLSearchParams(form))) });
  }

  async #send({ headers = {}, ...call }: Call): Promise<RegistryAnswer> {
    const { origin } = this.#url;
    const answer: HttpResponse = await this.#http.ask({ ...call, origin, headers: { ...headers, "user-agent": "ghcr-retention" } }, bounds);
    const { status, body } = answer;
    if (typeof body === "string") throw new Error(`the registry answered ${status} with a body ${body}`);
    if (status === 429 || status >= 500) throw new Error(`the registry answered ${status}`);
    return { status, headers: answer.headers, body };
  }
}

/** Returns the answer as a person reads it: its status, and the code and message of its first error. */
export function registryWords({ status, body, headers }: RegistryAnswer): string {
  const [error] = errorsIn(body);
  const location = headerOf(headers, "location");
  return [status, error?.code, error?.message, location === undefined ? undefined : `to ${location}`].filter(Boolean).join(" ");
}

/** Returns the answer to a push that was refused, as a person reads it. */
export function refusedWords({ status, body }: PushRefused): string {
  return registryWords({ status, headers: {}, body: Buffer.from(body) });
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
const OciErrors = z.object({ errors: z.array(z.object({ code: z.string().nullish(), message: z.string().nullish() })) });

export function errorsIn(body: Buffer): z.output<typeof OciErrors>["errors"] {
  try {
    return OciErrors.parse(JSON.parse(body.toString())).errors;
  } catch {
    return [];
  }
}
