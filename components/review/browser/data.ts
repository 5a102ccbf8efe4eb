/** The data that a review's page holds as JSON: page-data.ts writes it, script.ts draws it. */
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
  readonly headline: string;
  readonly failure?: string;
  readonly plans: readonly PagePlan[];
  readonly alerts: readonly PageAlert[];
  readonly notices: readonly string[];
  /** Tables of the preview, each a title and its lines. */
  readonly blocks: readonly { readonly title: string; readonly lines: readonly string[] }[];
  readonly nodes: readonly PageNode[];
  /** Indices of the nodes that are part of no other. */
  readonly roots: readonly number[];
  /** Number of versions that stay and are not drawn. */
  readonly left: number;
}

export interface PageAlert {
  readonly text: string;
  /** An image that cannot be pulled whole. */
  readonly broken: boolean;
}

export interface PagePlan {
  readonly id: string;
  readonly state: "approved" | "waiting" | "refused";
  readonly text: string;
  readonly approveWith?: string;
}

export type PageState = "refused" | "waiting" | "approved" | "withheld" | "grace" | "stays";

/** A version of a package. */
export interface PageNode {
  readonly name: string;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly kind: string;
  readonly state: PageState;
  /** Why it goes or stays, and further notes: a line each. */
  readonly why: readonly string[];
  /** It lists manifests that the package does not hold. */
  readonly broken?: true;
  /** Index and label of each part, such as `linux/arm64`. */
  readonly parts: readonly (readonly [number, string])[];
}
