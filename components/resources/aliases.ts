import * as pulumi from "../sdk/pulumi";

/** The type of an {@link OrganizationRetention}. */
export const organizationType = "ghcr:index:OrganizationRetention";

/**
 * The places in a stack's config from which a package's policy may have moved: it stood by itself, or under an organisation of its owner,
 * of whatever name, since an URN holds only the types of parents. Without them the engine would begin a new resource, and the ledger
 * would be gone (S5).
 */
export function placesOf(owner: string): pulumi.Alias[] {
  return [{ parent: pulumi.rootStackResource }, { parent: pulumi.createUrn(owner.toLowerCase(), organizationType) }];
}
