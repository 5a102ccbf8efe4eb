import type { TokenScopes } from "../../model/token-scopes";

/** The package in GitHub's REST API: `/orgs/acme/packages/container/team%2Fapp`. */
export interface PackageRoute {
  readonly kind: "orgs" | "users";
  readonly owner: string;
  readonly name: string;
}

export interface OwnerInfo {
  readonly kind: PackageRoute["kind"];
  readonly scopes: TokenScopes;
}
