import type { Facts, TokenFacts } from "../../diagnosis/facts";
import type { TokenKind } from "../../diagnosis/token-kind";
import type { Connection } from "../connection";
import { getTokenAccount, type TokenAccount } from "../github/token-account";
import { signIn } from "../registry/sign-in";
import { probe } from "./probe";
import { type OwnerTarget, probeOwner } from "./probe-owner";
import { probeManifest } from "./probe-package";

/**
 * Asks both servers what the token reaches. Changes nothing, and reads one manifest in all, since that counts as a download. Throws a
 * {@link RetentionError} if GitHub does not accept the token.
 */
export async function gatherFacts(connection: Connection, kind: TokenKind, targets: readonly OwnerTarget[]): Promise<Facts> {
  const account = await getTokenAccount(connection.github);
  const token = tokenFacts(kind, account, Date.now());
  const registry = await probe(() => signIn(connection.registry).then(() => undefined));
  const probed = await Promise.all(targets.map((target) => probeOwner(connection, account, target)));
  const read = probed
    .flatMap(({ packages }) => packages)
    .find(({ newest, facts }) => newest !== undefined && facts.tags?.kind === "reached");
  if (read?.newest === undefined) return { token, registry, owners: probed };
  const manifest = await probeManifest(connection, read.facts.name, read.newest);
  const withManifest = { ...read, facts: { ...read.facts, manifest } };
  const owners = probed.map((owner) => ({ ...owner, packages: owner.packages.map((one) => (one === read ? withManifest : one)) }));
  return { token, registry, owners };
}

/** `Date` is cut to whole seconds. */
const meanCut = 500;

function tokenFacts(kind: TokenKind, { scopes, login, date }: TokenAccount, receivedAt: number): TokenFacts {
  return {
    kind,
    account: {
      scopes,
      ...(login === undefined ? {} : { login }),
      ...(date === undefined ? {} : { aheadBy: date + meanCut - receivedAt }),
    },
  };
}
