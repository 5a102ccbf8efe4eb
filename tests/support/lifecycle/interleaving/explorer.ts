import type { Explored } from "./explore";
import { type Mutant, mutants, sourcesWithout } from "./mutants";
import type { Scenario } from "./scenario";

/** What a process of its own explores. */
export interface Job {
  /** The place of the mutant among all. */
  readonly mutant?: number;
  readonly scenario: Scenario;
  readonly preemptions?: number;
}

/** Lets the next loading of the mutant's files load the mutant. */
function install(mutant: Mutant): void {
  const load = require.extensions[".ts"];
  const sources = sourcesWithout(mutant);
  require.extensions[".ts"] = (module, name) => {
    const source = sources.get(name);
    if (source === undefined) return load?.(module, name);
    const { transpileModule, ModuleKind, ScriptTarget } = require("typescript") as typeof import("typescript");
    const { outputText } = transpileModule(source, {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
    });
    (module as NodeModule & { _compile(code: string, name: string): void })._compile(outputText, name);
  };
}

async function run(jobs: readonly Job[]): Promise<void> {
  for (const { mutant } of jobs) if (mutant !== undefined) install(mutants[mutant] as Mutant);
  // Loaded only now, so that a mutant takes effect.
  const { explore } = require("./explore") as typeof import("./explore");
  const { Player } = require("./play") as typeof import("./play");
  const { Scheduler } = require("./scheduler") as typeof import("./scheduler");
  const scheduler = new Scheduler();
  for (const { scenario, mutant, preemptions } of jobs) {
    const bounds = { first: mutant !== undefined, ...(preemptions === undefined ? {} : { preemptions }) };
    const explored: Explored = await explore(new Player(scheduler), scenario, bounds);
    await new Promise<void>((resolve) => process.send?.(explored, () => resolve()));
  }
}

if (require.main === module)
  run(JSON.parse(process.argv[2] ?? "[]")).then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
