/** The data that a review's page holds as JSON: page-data.ts writes it, the scripts beside this file draw it. */
export interface PageData {
  readonly stack: string;
  readonly packages: readonly PagePackage[];
  readonly organizations: readonly PageOrganization[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
}

export interface PageOrganization {
  readonly name: string;
  readonly headline: string;
  readonly approveWith?: string;
}

export interface PagePackage {
  readonly name: string;
  /** `waits for approval`. */
  readonly status: string;
  readonly color: PageColor;
  /** Nothing happens in it, and there is nothing to know. */
  readonly isQuiet: boolean;
  readonly headline: string;
  /** Numbers of versions. */
  readonly counts: PageCounts;
  readonly failure?: string;
  readonly plans: readonly PagePlan[];
  readonly alerts: readonly PageAlert[];
  readonly notices: readonly string[];
  readonly notes: readonly string[];
  /** Tables of the preview, each a title and its lines. */
  readonly blocks: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** The element that holds its picture, where it has one. */
  readonly picture?: string;
  readonly nodes: readonly PageNode[];
  /** Indices of the nodes that are part of no other. */
  readonly roots: readonly number[];
  /** Number of versions that stay and are not drawn. */
  readonly left: number;
}

export interface PageCounts {
  readonly approved: number;
  readonly waiting: number;
  readonly refused: number;
  readonly inGrace: number;
  readonly withheld: number;
}

export type PageColor = "goes" | "waits" | "holds" | "stays";

export interface PageAlert {
  readonly text: string;
  /** An image that cannot be pulled whole. */
  readonly broken: boolean;
}

export interface PagePlan {
  readonly id: string;
  readonly state: "approved" | "waiting" | "refused";
  readonly text: string;
  /** `frees 1.24 GB`, where something is known of it. */
  readonly storage?: string;
  readonly approveWith?: string;
  /** The lines that restore what it deleted. */
  readonly undoWith?: readonly string[];
}

/** What becomes of a version. */
export type PageState = "refused" | "waiting" | "approved" | "withheld" | "grace" | "stays";

/** A version of a package. */
export interface PageNode {
  readonly name: string;
  readonly digest: string;
  readonly tags: readonly string[];
  /** Those of its tags that are on another image from time to time. */
  readonly moving?: readonly string[];
  readonly kind: string;
  readonly state: PageState;
  /** `41 days`, as rules count it; absent where it is not known. */
  readonly age?: string;
  /** The rules that delete it, or why it stays. */
  readonly says: string;
  /** `linux/amd64, linux/arm64, 2 attestations`. */
  readonly has?: string;
  /** Further notes: a line each. */
  readonly why: readonly string[];
  /** It lists manifests that the package does not hold. */
  readonly broken?: true;
  /** Index and label of each part, such as `linux/arm64`. */
  readonly parts: readonly (readonly [number, string])[];
}
