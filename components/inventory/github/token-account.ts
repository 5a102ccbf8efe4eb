import { RequestError } from "@octokit/request-error";
import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import type { TokenScopes } from "../../model/token-scopes";
import { parseHttpDate } from "../http/http-date";
import type { GitHubConnection } from "./client";
import { request } from "./packages-api";
import { parseScopes } from "./token-scopes";

const User = z.object({ login: z.string().min(1) });
/** https://docs.github.com/en/rest/orgs/members#get-an-organization-membership-for-the-authenticated-user */
const Membership = z.object({ state: z.string(), role: z.string() });

/** What GitHub says of the token itself. */
export interface TokenAccount {
  readonly scopes: TokenScopes;
  /** Absent for GITHUB_TOKEN, which belongs to no account. */
  readonly login?: string;
  /** GitHub's `Date`, epoch milliseconds. */
  readonly date?: number;
}

type Headers = NonNullable<RequestError["response"]>["headers"];

/** Asks whose the token is. Throws a {@link RetentionError} if GitHub does not accept it. */
export async function getTokenAccount(github: GitHubConnection): Promise<TokenAccount> {
  const ask = ({ rest }: Octokit) => rest.users.getAuthenticated().catch(withoutAccount);
  const { data, headers } = await request<{ readonly data?: unknown; readonly headers: Headers }>(github, "the token's account", ask);
  const { login } = User.safeParse(data).data ?? {};
  const date = parseHttpDate(headers.date);
  return { scopes: parseScopes(headers["x-oauth-scopes"]), ...(login ? { login } : {}), ...(date === undefined ? {} : { date }) };
}

/** GitHub answers 403 'Resource not accessible by integration' to GITHUB_TOKEN, which is valid all the same. */
function withoutAccount(error: unknown): { readonly headers: Headers } {
  if (error instanceof RequestError && error.status === 403 && error.response) return { headers: error.response.headers };
  throw error;
}

const membershipScopes = ["read:org", "write:org", "admin:org"];

/** Reports whether the token's account owns the organisation; `undefined` where GitHub does not tell this token. */
export async function isOrganizationOwner(
  github: GitHubConnection,
  organization: string,
  scopes: TokenScopes,
): Promise<boolean | undefined> {
  if (!membershipScopes.some((scope) => scopes?.has(scope))) return undefined;
  const ask = ({ rest }: Octokit) => rest.orgs.getMembershipForAuthenticatedUser({ org: organization });
  try {
    const { state, role } = Membership.parse((await request<{ readonly data?: unknown }>(github, organization, ask)).data);
    return state === "active" && role === "admin";
  } catch {
    return undefined;
  }
}
