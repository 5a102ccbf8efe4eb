import * as pulumi from "@pulumi/pulumi";
import { organizationName } from "../config/stack-organizations";

/** The type of an {@link OrganizationRetention}. */
export const organizationType = "ghcr:index:OrganizationRetention";

/** So many policies for organisations of one owner are looked through. */
const maxPlaces = 10;

/**
 * The places in a stack's config from which a package's policy may have moved: it stood by itself, or under any of its owner's
 * organisations, whose numbers change when one of them is taken out. Without them the engine would begin a new resource, and the ledger
 * would be gone (S5).
 */
export function placesOf(owner: string): pulumi.Alias[] {
  const parents = Array.from({ length: maxPlaces }, (_, place) => organizationName(owner, place));
  return [{ parent: pulumi.rootStackResource }, ...parents.map((name) => ({ parent: pulumi.createUrn(name, organizationType) }))];
}
