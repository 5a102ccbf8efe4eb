import type { Needs, OwnerFacts, OwnerProbe } from "../../diagnosis/facts";
import type { Connection } from "../connection";
import type { ListedPackage } from "../github/list-packages";
import { listPackages } from "../github/list-packages";
import { findRoute } from "../github/packages-api";
import { isOrganizationOwner, type TokenAccount } from "../github/token-account";
import { probe } from "./probe";
import { type PackageProbe, probePackage } from "./probe-package";

/** A package to look at, and what its policy does with it. */
export interface PackageTarget {
  readonly name: string;
  readonly needs: Needs;
}

/** An owner to look at. */
export interface OwnerTarget {
  readonly owner: string;
  readonly packages: readonly PackageTarget[];
  /** Selects packages by the owner's list; absent where every package is named. */
  readonly select?: (listed: readonly ListedPackage[]) => readonly PackageTarget[];
}

/** What was found of an owner and of its packages. */
export interface ProbedOwner extends OwnerProbe {
  readonly packages: readonly (PackageProbe & Pick<PackageTarget, "needs">)[];
}

/** Asks for an owner, for its packages where a selection needs the list, and for each package. */
export async function probeOwner(connection: Connection, account: TokenAccount, target: OwnerTarget): Promise<ProbedOwner> {
  const { owner, select } = target;
  const { github } = connection;
  const found = await probe(() => findRoute(github, { owner, name: "*" }));
  if (found.kind !== "reached") return { name: owner, owner: found, packages: [] };
  const { route } = found.found;
  const [role, listed] = await Promise.all([
    roleOf(connection, account, route.kind, owner),
    select === undefined ? undefined : probe(() => listPackages(github, owner)),
  ]);
  const selected = listed?.kind === "reached" ? (select?.(listed.found) ?? []) : [];
  const packages = await Promise.all(
    withoutRepeats([...target.packages, ...selected]).map(({ name, needs }) =>
      connection.packageLimit(async () => ({ ...(await probePackage(connection, { ...route, name }, needs)), needs })),
    ),
  );
  const facts: OwnerFacts = {
    owner,
    kind: route.kind === "orgs" ? "organization" : "user",
    role,
    ...(listed === undefined ? {} : { packages: listed.kind === "reached" ? { kind: "reached", found: listed.found.length } : listed }),
  };
  return { name: owner, owner: { kind: "reached", found: facts }, packages };
}

async function roleOf(
  { github }: Connection,
  { login, scopes }: TokenAccount,
  kind: "orgs" | "users",
  owner: string,
): Promise<OwnerFacts["role"]> {
  if (kind === "users") return login?.toLowerCase() === owner.toLowerCase() ? "owner" : "unknown";
  const owns = await isOrganizationOwner(github, owner, scopes);
  if (owns === undefined) return "unknown";
  return owns ? "owner" : "member";
}

/** A package may have a policy, and be one in which the rules of another look for subjects. */
function withoutRepeats(targets: readonly PackageTarget[]): PackageTarget[] {
  const needsByName = new Map<string, Needs>();
  for (const { name, needs } of targets) {
    const before = needsByName.get(name);
    needsByName.set(name, before === undefined ? needs : either(before, needs));
  }
  return [...needsByName].map(([name, needs]) => ({ name, needs }));
}

function either(a: Needs, b: Needs): Needs {
  return {
    reads: a.reads || b.reads,
    deletes: a.deletes || b.deletes,
    restores: a.restores || b.restores,
    searched: a.searched || b.searched,
  };
}
