import type { PackageName } from "../model/inventory";
import type { TokenScopes } from "../model/token-scopes";
import type { TokenKind } from "./token-kind";

/** What came of asking a server. `message`: its words, and what to do. */
export type Probe<Found> =
  | { readonly kind: "reached"; readonly found: Found }
  | { readonly kind: "refused" | "failed"; readonly message: string };

/** The token, and what GitHub says of it. */
export interface TokenFacts {
  readonly kind: TokenKind;
  /** Absent where GitHub does not accept the token. */
  readonly account?: AccountFacts;
}

export interface AccountFacts {
  readonly scopes: TokenScopes;
  /** The account of the token; absent for GITHUB_TOKEN, which has none. */
  readonly login?: string;
  /** Milliseconds by which GitHub's clock is ahead of this machine's. */
  readonly aheadBy?: number;
}

export interface OwnerFacts {
  readonly owner: string;
  readonly kind: "organization" | "user";
  /** `owner`: the user itself, or an owner of the organisation. `unknown`: GitHub does not tell this token. */
  readonly role: "owner" | "member" | "unknown";
  /** How many packages it lists; absent where nothing needs the list. */
  readonly packages?: Probe<number>;
}

export interface PackageFacts {
  readonly name: PackageName;
  /** As many as GitHub counts: no other list is accepted. */
  readonly versions: Probe<{ readonly count: number; readonly tags: readonly string[] }>;
  /** Absent where the versions could not be listed. */
  readonly deleted?: Probe<DeletedFacts>;
  /** The tags that the registry serves. */
  readonly tags?: Probe<readonly string[]>;
  /** The tag or digest whose manifest was read; absent where none was asked for, since reading one counts as a download. */
  readonly manifest?: Probe<string>;
}

export interface DeletedFacts {
  readonly count: number;
  /** Whether GitHub says when each was deleted. */
  readonly timed: boolean;
}

/** Everything that was asked. */
export interface Facts {
  readonly token: TokenFacts;
  readonly registry: Probe<undefined>;
  readonly owners: readonly OwnerProbe[];
}

/** An owner, with the packages that were looked at and what their policies need. */
export interface OwnerProbe {
  readonly name: string;
  readonly owner: Probe<OwnerFacts>;
  readonly packages: readonly { readonly facts: PackageFacts; readonly needs: Needs }[];
}

/** What is to be done with a package, by its policy. */
export interface Needs {
  /** Its manifests are read, and its tags compared. */
  readonly reads: boolean;
  /** The policy deletes, so that there has to be a way back as well. */
  readonly deletes: boolean;
  /** The policy restores. */
  readonly restores: boolean;
  /** A rule looks for subjects in it, also among its deleted versions. */
  readonly searched: boolean;
}
