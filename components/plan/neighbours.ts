import type { Graph, Node } from "../graph/graph";
import { cut, isCuttable, schemesOf } from "../graph/tag-schemes";
import type { Neighbour } from "../model/inventory";

/** Where the subject of a referrer may be, by the names of the packages that rules look into. */
export interface SubjectElsewhere {
  readonly foundIn: readonly string[];
  readonly lostIn: readonly string[];
}

const nowhere: SubjectElsewhere = { foundIn: [], lostIn: [] };

/** Looks for the subjects of a referrer, which its own package does not hold, in the packages that rules name. */
export function subjectElsewhere({ inventory }: Graph, { version, manifest }: Node): SubjectElsewhere {
  const { neighbours } = inventory;
  if (neighbours === undefined) return nowhere;
  const subjects = [
    ...(manifest?.subject === undefined ? [] : [manifest.subject]),
    ...schemesOf(version).map((scheme) => scheme.subjectPrefix),
  ];
  const found = new Set(neighbours.filter((neighbour) => subjects.some((subject) => namesIn(neighbour).has(subject))));
  const names = (isFound: boolean) => neighbours.filter((one) => found.has(one) === isFound).map(({ name }) => name);
  return { foundIn: names(true), lostIn: names(false) };
}

const namesByNeighbour = new WeakMap<Neighbour, ReadonlySet<string>>();

/** Returns the digests, and what tags hold of them: only the beginning of a sha512. */
function namesIn(neighbour: Neighbour): ReadonlySet<string> {
  let names = namesByNeighbour.get(neighbour);
  if (names === undefined) {
    names = new Set(neighbour.digests.flatMap((digest) => (isCuttable(digest) ? [digest, cut(digest)] : [digest])));
    namesByNeighbour.set(neighbour, names);
  }
  return names;
}

/** Returns the packages that the rules of a policy look into. */
export function neighboursNamedBy(rules: readonly { readonly subjectsIn?: readonly string[] | undefined }[]): string[] {
  return [...new Set(rules.flatMap(({ subjectsIn = [] }) => subjectsIn))].sort();
}
