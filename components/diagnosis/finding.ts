import type { TokenFacts } from "./facts";
import type { TokenKind } from "./token-kind";

/** What a token has to be able to do with packages. */
export type Ability =
  | "find-owner"
  | "list-packages"
  | "list-versions"
  | "list-deleted"
  | "sign-in"
  | "list-tags"
  | "read-manifest"
  | "delete"
  | "restore";

/** Whether the token can do it: asked, or told by its scopes and roles without doing it. */
export type Verdict =
  | { readonly kind: "yes"; readonly saw: Saw }
  | { readonly kind: "no"; readonly because: Obstacle }
  /** No request but the deletion or restoration itself would tell. */
  | { readonly kind: "unproven"; readonly because: Untold }
  /** Something else failed first, or the answer was no refusal. */
  | { readonly kind: "unknown"; readonly because: Obstacle | "unreached" };

/** What the answer held. */
export type Saw =
  | { readonly kind: "nothing else" }
  | { readonly kind: "packages" | "versions"; readonly count: number }
  /** How many tags GitHub lists, and the registry serves. */
  | { readonly kind: "tags"; readonly listed: number; readonly served: number }
  | { readonly kind: "deleted"; readonly count: number; readonly timed: boolean }
  | { readonly kind: "manifest"; readonly reference: string }
  /** Of the token's account: an owner of the organisation, or the user itself. */
  | { readonly kind: "role"; readonly of: "organization" | "user" };

export type Obstacle =
  | { readonly kind: "answer"; readonly message: string }
  | { readonly kind: "scopes"; readonly missing: readonly string[] };

/** Why GitHub gives no way to know: it tells neither the permissions of GITHUB_TOKEN nor the role on a package. */
export type Untold = "permissions" | "role";

export interface Finding {
  readonly ability: Ability;
  readonly verdict: Verdict;
  /** A policy needs it. */
  readonly needed: boolean;
}

/** An owner, a package or the registry, with what the token can do there. */
export interface SubjectFindings {
  readonly kind: "registry" | "owner" | "package";
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** Something that a policy needs and that is not there. */
export type Lack =
  /** GitHub does not accept the token, or is not reached. */
  | { readonly kind: "account"; readonly message: string }
  | { readonly kind: "clock"; readonly aheadBy: number }
  | { readonly kind: "answer"; readonly ability: Ability; readonly subject: string; readonly message: string }
  | {
      readonly kind: "scopes";
      readonly ability: Ability;
      readonly subjects: readonly string[];
      readonly missing: readonly string[];
      readonly token: TokenKind;
    }
  /** So many packages are listed, and none is selected. */
  | { readonly kind: "selection"; readonly subject: string; readonly listed: number }
  /** Tags that only GitHub's list or only the registry has. */
  | { readonly kind: "tags"; readonly subject: string; readonly onlyListed: readonly string[]; readonly onlyServed: readonly string[] };

export interface Diagnosis {
  readonly token: TokenFacts;
  readonly subjects: readonly SubjectFindings[];
  readonly lacks: readonly Lack[];
}
