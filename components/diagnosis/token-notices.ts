import type { Inventory } from "../model/inventory";

/** What the token of this run cannot do for a plan. It is on no record: the update may run with another token. */
export type TokenNotice =
  /** It may delete and not restore. */
  | { readonly kind: "cannot-undo" }
  /** GitHub refuses it the list of deleted versions. */
  | { readonly kind: "deleted-not-listed"; readonly answer: string }
  /** GitHub lists deleted versions without saying when each was deleted. */
  | { readonly kind: "deleted-not-dated" };

/** Returns what the observation of a package showed of its token, as far as it matters to one that changes something. Pure. */
export function tokenNotices(
  { token, deleted = [] }: Pick<Inventory, "token" | "deleted">,
  { deletes, restores }: { readonly deletes: boolean; readonly restores: boolean },
): TokenNotice[] {
  const { scopes = [], deletedRefusal } = token ?? {};
  // A token without `delete:packages` is for previews, and another one for updates.
  const cannotUndo = scopes.includes("delete:packages") && !scopes.includes("write:packages");
  return [
    ...(cannotUndo && (deletes || restores) ? [{ kind: "cannot-undo" } as const] : []),
    ...(deletedRefusal !== undefined && deletes ? [{ kind: "deleted-not-listed", answer: deletedRefusal } as const] : []),
    ...(deleted.some(({ deletedAt }) => deletedAt === undefined) && deletes ? [{ kind: "deleted-not-dated" } as const] : []),
  ];
}
