import { type GeneratedPart, withPart } from "../../generated-part";
import type { Explored } from "./explore";
import { exploreAll } from "./explore-all";
import { mutants } from "./mutants";
import { worlds } from "./worlds";

/** How often a run may be interrupted by another one. */
const preemptions = 2;

/** Explores each mutant up to the first order that loses something. */
export function exploreGuards(): Promise<Explored[]> {
  return exploreAll(mutants.map(({ scenario }, mutant) => ({ mutant, scenario, preemptions })));
}

/** The guards, and after how many orders the lack of each one shows. */
function guardsTable(explored: readonly Explored[]): string {
  const rows = mutants.map(({ guard, scenario: { world } }, place) => {
    const { played, failure } = explored[place] as Explored;
    return `| ${guard} | ${worlds[world].name} | ${failure ? played : `none of ${played}`} |`;
  });
  return ["| guard | package | orders until its lack shows |", "|---|---|---:|", ...rows].join("\n");
}

const part = { page: "reliability.md", name: "guards", by: "`npm run generate`" } as const satisfies GeneratedPart;

/** The page with the table of what was explored. */
export function withGuards(page: string, explored: readonly Explored[]): string {
  return withPart(page, part, guardsTable(explored));
}
