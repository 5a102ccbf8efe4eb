import { randomBytes } from "node:crypto";
import { z } from "zod";

export const TokenKind = z.enum(["classic", "installation", "fine-grained"]);
export type TokenKind = z.infer<typeof TokenKind>;

const allScopes = ["read:packages", "write:packages", "delete:packages", "repo"];

/** The form of each kind. A workflow's has been `ghs_APPID_JWT` of about 520 characters since 2026. */
const texts: Record<TokenKind, () => string> = {
  classic: () => `ghp_${randomBytes(18).toString("hex")}`,
  installation: () =>
    `ghs_17536452_${Buffer.from('{"alg":"RS256","typ":"JWT"}').toString("base64url")}.${randomText(127)}.${randomText(342)}`,
  "fine-grained": () => `github_pat_${randomBytes(18).toString("hex")}`,
};

function randomText(length: number): string {
  return randomBytes(length).toString("base64url").slice(0, length);
}

/** The body of `POST /_sandbox/tokens`. */
export const TokenRequest = z.strictObject({
  /** `installation` is the GITHUB_TOKEN of a workflow. */
  kind: TokenKind.default("classic"),
  /** The scopes of a classic token. `write:packages` includes `read:packages`, as on GitHub. */
  scopes: z.array(z.string()).default(allScopes),
  /** The role on every package; without `admin`, deleting answers 404 'Package not found.'. */
  role: z.enum(["admin", "write", "read", "none"]).default("admin"),
  /** The packages (`owner/name`) with that role; others are read-only. The default is all packages. */
  packages: z.array(z.string()).optional(),
  /** The permission 'Artifact metadata' of the owner's repositories. */
  artifactMetadata: z.enum(["write", "read", "none"]).default("write"),
  /** The authenticated user. */
  login: z.string().default("octocat"),
  /** The user's role in every organisation, which a classic token with the scope `read:org` may ask for. */
  organizationRole: z.enum(["admin", "member"]).default("member"),
  expiresAt: z.iso.datetime().optional(),
  token: z.string().min(8).optional(),
});
export type TokenRequest = z.input<typeof TokenRequest>;

export interface Token {
  readonly token: string;
  readonly kind: TokenKind;
  readonly scopes: readonly string[];
  readonly role: "admin" | "write" | "read" | "none";
  readonly packages: readonly string[] | undefined;
  readonly artifactMetadata: "write" | "read" | "none";
  readonly login: string;
  readonly organizationRole: "admin" | "member";
  expiresAt: number | undefined;
}

export function newToken(request: TokenRequest = {}): Token {
  const { kind, scopes, role, packages, artifactMetadata, login, organizationRole, expiresAt, token } = TokenRequest.parse(request);
  return {
    token: token ?? texts[kind](),
    kind,
    scopes: kind === "classic" ? scopes : [],
    role,
    packages: packages?.map((name) => name.toLowerCase()),
    artifactMetadata,
    login,
    organizationRole,
    expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
  };
}

/** Whether the token has the scope; tokens of other kinds are limited by their role only. */
export function hasScope(token: Token, scope: string): boolean {
  if (token.kind !== "classic") return true;
  return token.scopes.includes(scope) || (scope === "read:packages" && token.scopes.includes("write:packages"));
}

export function roleOn(token: Token, repository: string): Token["role"] {
  if (token.packages === undefined || token.packages.includes(repository)) return token.role;
  return token.role === "none" ? "none" : "read";
}

export class Tokens {
  readonly #tokens = new Map<string, Token>();

  add(token: Token): Token {
    this.#tokens.set(token.token, token);
    return token;
  }

  all(): Token[] {
    return [...this.#tokens.values()];
  }

  /** Returns the token if it exists and is valid at that time. */
  find(text: string, now: number): Token | undefined {
    const token = this.#tokens.get(text);
    if (token?.expiresAt !== undefined && token.expiresAt <= now) return undefined;
    return token;
  }
}
