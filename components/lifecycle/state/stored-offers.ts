import type { Offer, OrganizationRecord } from "../../approval/organization-id";

/** The ids of the organisation that runs printed, as state holds them. They change from day to day: see `StoredSeen`. */
export interface StoredOffers {
  readonly offered?: Offer;
  readonly earlier?: readonly Offer[];
}

/** The key of {@link StoredOffers} in the resource's inputs and outputs. */
export const offersKey = "__offers";

/** An organisation's approvals as inputs hold them. Builds before this one stored the last offer beside the approval. */
export interface StoredOrganization {
  readonly organization?: Pick<OrganizationRecord, "approved" | "offered">;
  readonly [offersKey]?: StoredOffers;
}

export function storeOrganization({ approved, ...offers }: OrganizationRecord): StoredOrganization {
  return { ...(approved ? { organization: { approved } } : {}), ...(Object.keys(offers).length > 0 ? { [offersKey]: offers } : {}) };
}

export function recallOrganization({ organization, [offersKey]: offers }: StoredOrganization): OrganizationRecord {
  return { ...organization, ...offers };
}
