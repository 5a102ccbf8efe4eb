import type { Choose, Played, Scenario } from "./scenario";

/** A scenario, and a number for each point of its order at which something is to be chosen. */
export interface Order {
  readonly scenario: Scenario;
  readonly choices: readonly number[];
}

export function chosenBy({ choices }: Order): Choose {
  let place = 0;
  return ({ options }) => {
    const choice = (choices[place] ?? 0) % options.length;
    place += 1;
    return choice;
  };
}

/** What went wrong in an order, the order as a table, and what plays it again. */
export function failureOf(played: Pick<Played, "events" | "problem">, { scenario, choices }: Order): string {
  const order = JSON.stringify({ scenario, choices });
  return `${tableOf(played)}\n\nORDER='${order}' npm test -- tests/sandbox/lifecycle/interleaving/orders.test.ts plays it again`;
}

/** The order as a table: who did what, and what came of it. */
export function tableOf({ events, problem }: Pick<Played, "events" | "problem">): string {
  const short = (text: string) =>
    text.replace(/\/api\/orgs\/acme\/packages\/container\/app|\/v2\/acme\/app/, "").replace(/(sha256:[0-9a-f]{8})[0-9a-f]+/g, "$1");
  const rows = events.map(({ actor, request, answer }) => [actor, short(request), answer] as const);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column as 0 | 1].length), 7));
  const lines = [["actor", "request", "answer"] as const, ...rows].map(([actor, request, answer]) =>
    [actor.padEnd(widths[0] ?? 0), request.padEnd(widths[1] ?? 0), answer].join("  "),
  );
  return [problem ?? "", "", ...lines].join("\n");
}
