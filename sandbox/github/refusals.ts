import { json, type Reply } from "../http/reply";
import { forbidsClassicTokens, type Owner } from "../store/owners";
import type { TokenKind } from "../store/tokens";
import { site } from "./owner-answers";

const docs = "https://docs.github.com/rest/packages/packages";

/** Returns GitHub's error body, in which `status` is a string. */
export function refuse(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return json(status, { message, documentation_url: docs, status: String(status) }, headers);
}

export const refusals = {
  badCredentials: () => refuse(401, "Bad credentials"),
  requiresAuthentication: () => refuse(401, "Requires authentication"),
  notFound: () => refuse(404, "Not Found"),
  /** The answer to GITHUB_TOKEN, which has no user. */
  notForIntegrations: () => refuse(403, "Resource not accessible by integration"),
  packageNotFound: () => refuse(404, "Package not found."),
  versionNotFound: () => refuse(404, "Package version not found."),
  notForFineGrained: () => refuse(403, "Resource not accessible by personal access token"),
  /** As GitHub refuses a token without the permission 'Artifact metadata'. */
  notForArtifacts: (kind: TokenKind) =>
    refuse(403, `Resource not accessible by ${kind === "installation" ? "integration" : "personal access token"}`),
  /** The answer to listing packages with a token that cannot: https://github.com/cli/cli/issues/9606 */
  notForLists: () => refuse(400, "Invalid argument."),
  /** https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso */
  singleSignOn: ({ login }: Owner) =>
    refuse(
      403,
      "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
      { "x-github-sso": `required; url=${site}/orgs/${login}/sso?authorization_request=AZSCKtL4U8yX1H3sCQIVnVgmjmon5fWxks5Y` },
    ),
  noClassicTokens: (owner: Owner) => refuse(403, forbidsClassicTokens(owner)),
  unknownVersionOfApi: (version: string) => refuse(400, `The version ${version} of the API is not supported.`),
  scope: (scopes: string, what: string) => refuse(403, `You need at least ${scopes} scope to ${what}.`),
  lastTaggedVersion: () => refuse(400, "You cannot delete the last tagged version of a package. You must delete the package instead."),
  lastVersion: () => refuse(400, "You cannot delete the last version of a package. You must delete the package instead."),
  tooManyDownloads: () =>
    refuse(
      400,
      "Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.",
    ),
  tooManyPackageDownloads: () =>
    refuse(
      400,
      "Publicly visible packages with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.",
    ),
  // That some tokens cannot list deleted versions was reported without a text.
  notForReaders: () => refuse(403, "You need at least read:packages and write:packages scope to get a package's deleted versions."),
  // GitHub documents the conditions (30 days, name and version not reused), but not the texts.
  restoreTooLate: () => refuse(404, "Package version not found."),
  packageRestoreTooLate: () => refuse(404, "Package not found."),
  versionReused: () => refuse(400, "The package version cannot be restored because its version is in use again."),
  packageReused: () => refuse(400, "The package cannot be restored because its name is in use again."),
  invalid: (message: string) => refuse(422, message),
  primaryLimit: (kind: TokenKind | undefined, headers: Record<string, string>): Reply =>
    kind === "installation"
      ? { ...refuse(403, "API rate limit exceeded for installation ID 17536452."), withoutLimits: true as const }
      : refuse(403, "API rate limit exceeded for user ID 1001.", headers),
  secondaryLimit: (headers: Record<string, string>) =>
    refuse(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", headers),
} as const;
