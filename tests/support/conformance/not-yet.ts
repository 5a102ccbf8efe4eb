/** Scenarios that need a tag taken off an image that stays: GHCR has no call for that, so ours leaves the tag where it is. */
export const needTagRemoval: Readonly<Record<string, string>> = {
  "7a_single-untagging": "takes tag1 and tag2 off an image that keeps tag3",
  "7c_multi-untagging": "takes tag2 and tag3 off an image that keeps tag1",
  "7e_multi-delete-tags-keepn-gating": "takes `legacy` off an image that keeps v1.0",
  "graph-2images-base--delete-image-a": "takes image-a off a manifest that multiarch needs",
  "graph-2images-cosign--delete-image-a": "takes image-a off a manifest that multiarch needs",
  "graph-2multiarch-base--delete-image-a": "takes image-a off a manifest that multiarch-a and multiarch-b need",
  "graph-2multiarch-cosign--delete-image-a": "takes image-a off a manifest that multiarch-a and multiarch-b need",
};

interface Difference {
  readonly left: number;
  readonly tags: number;
  readonly reason: string;
}

const sharedChild =
  "nobody chose the untagged index that shares a child with multiarch-a: the peer deletes it as well, ours keeps it with all that it needs";

/** Scenarios in which ours keeps on purpose what the peer deletes. */
export const keepsMore: Readonly<Record<string, Difference>> = {
  "graph-2multiarch2tags-base--delete-multiarch-a": { left: 5, tags: 2, reason: sharedChild },
  "graph-2multiarch2tags-attestations--delete-multiarch-a": { left: 11, tags: 2, reason: sharedChild },
  "graph-2multiarch2tags-cosign--delete-multiarch-a": { left: 13, tags: 6, reason: sharedChild },
  "graph-2multiarch2tags-cosign-attestations--delete-multiarch-a": { left: 19, tags: 6, reason: sharedChild },
};

const unneededIndex =
  "image-a is an index that nothing else needs, chosen by its only tag: the peer takes off the tag and leaves it with its signature, ours deletes it with its signature, and what multiarch shares with it stays";

/** Scenarios in which ours deletes a chosen image of which the peer only takes off the tag. */
export const deletesWhatThePeerUntags: Readonly<Record<string, Difference>> = {
  "graph-2images-cosign-attestations--delete-image-a": { left: 11, tags: 5, reason: unneededIndex },
  "graph-2multiarch-cosign-attestations--delete-image-a": { left: 19, tags: 9, reason: unneededIndex },
};
