import { isMap, type YAMLMap } from "yaml";
import { holdsExpression, type Option, type Step } from "../../../cleaners/cleaner";
import { actionIn, parseWorkflow, stepOf, stepsIn, type WorkflowText, yamlProblem } from "../../../cleaners/steps";
import { asText, type Value } from "./expression";
import { combinationsOf } from "./matrix";
import { defaultsOf, expandIn, lookupIn, type Scope, type Start, startsOf, withEnv } from "./scope";
import { entriesIn, itemsIn, type Place, resolved, textAt, under } from "./yaml-values";

/** A step of an action with its options, as far as they are known, and its file. */
export interface WorkflowStep extends Step {
  readonly path: string;
  /** True where `if: false` stands at the step or its job. */
  readonly isOff?: true;
}

/** A file of the repository that a workflow uses, by its path in the repository. */
export type ReadFile = (path: string) => string | undefined;

/** A workflow or action of the same repository that was read for its caller. */
export interface WorkflowSteps {
  readonly steps: readonly WorkflowStep[];
  /** The files that were read, by their paths in the repository. */
  readonly read: ReadonlySet<string>;
  /** Whether the workflow starts only where another one calls it. */
  readonly isOnlyCalled: boolean;
}

/** GitHub nests reusable workflows up to ten levels deep. */
const maxDepth = 10;
/** Matrices multiply the calls below them. */
const maxCalls = 1_000;

/** Returns every step that uses an action, once for each run of its job's matrix, with the values of its expressions. Pure. */
export function workflowSteps(content: string, path: string, readFile: ReadFile): WorkflowSteps {
  const reader = new WorkflowReader(readFile);
  reader.file(content, { path, depth: 0 });
  return { steps: unique(reader.steps), read: reader.read, isOnlyCalled: reader.isOnlyCalled };
}

interface Call {
  readonly path: string;
  readonly depth: number;
  /** What the caller gives; absent for the workflow itself. */
  readonly given?: ReadonlyMap<string, Value | undefined>;
  readonly isOff?: true;
}

class WorkflowReader {
  readonly steps: WorkflowStep[] = [];
  readonly read = new Set<string>();
  isOnlyCalled = false;
  /** The calls so far, by file and values: the same call gives the same steps. */
  readonly #calls = new Set<string>();
  readonly #contents = new Map<string, string | undefined>();
  readonly #parsed = new Map<string, WorkflowText>();
  readonly #readFile: ReadFile;

  constructor(readFile: ReadFile) {
    this.#readFile = readFile;
  }

  file(content: string, call: Call): void {
    const workflow = this.#parsed.get(call.path) ?? parseWorkflow(content);
    this.#parsed.set(call.path, workflow);
    const seen = new Set<number>();
    for (const document of workflow.documents) {
      const root = { node: document.contents, document };
      const at = { ...call, lineAt: workflow.lineAt, seen };
      const starts = call.given === undefined ? startsOf(root) : [startOf(root, call.given)];
      if (call.given === undefined) this.isOnlyCalled = starts.length > 0 && starts.every(({ isCall }) => isCall);
      const scope = withEnv({ starts, env: new Map(), matrix: {} }, under(root, "env"));
      for (const { value } of entriesIn(under(root, "jobs"))) this.#job(value, scope, at);
      const composite = under(root, "runs");
      if (call.given !== undefined) this.#steps(itemsIn(under(composite, "steps")), scope, at);
    }
    // What stands anywhere else, such as in an action of its own, is read without values.
    const others = stepsIn(workflow).filter(({ line }) => !seen.has(line));
    this.steps.push(...others.map((step) => ({ ...step, path: call.path })));
  }

  #job(job: Place, around: Scope, at: ReadAt): void {
    const isOff = at.isOff ?? offAt(job);
    for (const matrix of combinationsOf(job, lookupIn(around))) {
      const scope = withEnv({ ...around, matrix }, under(job, "env"));
      const uses = textAt(under(job, "uses"));
      if (uses === undefined) this.#steps(itemsIn(under(job, "steps")), scope, { ...at, ...(isOff ? { isOff } : {}) });
      else this.#call(uses, under(job, "with"), scope, { ...at, ...(isOff ? { isOff } : {}) });
    }
  }

  #steps(places: readonly Place[], around: Scope, at: ReadAt): void {
    let scope = around;
    for (const place of places) {
      const own = withEnv(scope, under(place, "env"));
      const isOff = at.isOff ?? offAt(place);
      const node = resolved(place);
      const uses = textAt(under(place, "uses"));
      if (uses?.startsWith("./")) this.#call(uses, under(place, "with"), own, { ...at, ...(isOff ? { isOff } : {}) });
      const step = isMap(node) ? stepOf(node as YAMLMap, place.document, at.lineAt) : undefined;
      if (step) {
        at.seen.add(step.line);
        const options = new Map([...step.options].map(([name, option]) => [name, expanded(option, own)]));
        this.steps.push({ ...step, options, path: at.path, ...(isOff ? { isOff } : {}) });
      }
      scope = withoutWritten(scope, textAt(under(place, "run")) ?? "");
    }
  }

  /** Reads a workflow or a composite action of the same repository with the values that are given to it. */
  #call(uses: string, given: Place, scope: Scope, at: ReadAt): void {
    if (at.depth >= maxDepth || !uses.startsWith("./") || actionIn(uses) !== undefined) return;
    const path = uses.slice(2).replace(/\/+$/, "");
    const candidates = /\.ya?ml$/i.test(path) ? [path] : [`${path}/action.yml`, `${path}/action.yaml`];
    const values = new Map(entriesIn(given).map(({ key, value }) => [key.toLowerCase(), expandIn(scope, textAt(value) ?? "${{")]));
    for (const candidate of candidates) {
      const content = this.#content(candidate);
      if (content === undefined) continue;
      const key = asText([candidate, at.isOff ?? false, [...values].map(([name, value]) => [name, value ?? null, value === undefined])]);
      if (this.#calls.has(key)) return;
      this.#calls.add(key);
      if (this.#calls.size > maxCalls) throw new Error(`${at.path}: it calls other files in more than ${maxCalls} ways, by its matrices`);
      this.read.add(candidate);
      this.file(content, { path: candidate, depth: at.depth + 1, given: values, ...(at.isOff ? { isOff: true as const } : {}) });
      return;
    }
  }

  /** Returns the text of a file of the repository, if it is YAML. The runs of a matrix ask for the same files again and again. */
  #content(path: string): string | undefined {
    if (!this.#contents.has(path)) {
      const content = this.#readFile(path);
      this.#contents.set(path, content === undefined || yamlProblem(content) !== undefined ? undefined : content);
    }
    return this.#contents.get(path);
  }
}

interface ReadAt extends Call {
  readonly lineAt: Parameters<typeof stepOf>[2];
  readonly seen: Set<number>;
}

/** The one way in which a caller starts a workflow or action: with its values, and the defaults of the others. */
function startOf(root: Place, given: ReadonlyMap<string, Value | undefined>): Start {
  const declared = [under(under(under(root, "on"), "workflow_call"), "inputs"), under(root, "inputs")].map(defaultsOf);
  return {
    inputs: new Map([...declared.flatMap((inputs) => [...inputs]), ...given]),
    isCall: true,
    isDispatch: false,
    isWithoutInputs: false,
  };
}

function expanded(option: Option, scope: Scope): Option {
  if (!holdsExpression(option.text)) return option;
  const text = expandIn(scope, option.text);
  return text === undefined ? option : { ...option, text, written: option.text };
}

/** Forgets the variables that a script may set for the steps after it. */
function withoutWritten(scope: Scope, script: string): Scope {
  if (!script.includes("GITHUB_ENV")) return scope;
  const named = [...script.matchAll(/\b([A-Za-z_]\w*)(?==|<<)/g)].map(([, name = ""]) => name);
  // A script that copies a file into it may set any.
  const forgotten = named.length === 0 ? [...scope.env.keys()] : named;
  return { ...scope, env: new Map([...scope.env, ...forgotten.map((name): [string, undefined] => [name, undefined])]) };
}

function offAt(place: Place): true | undefined {
  const condition = textAt(under(place, "if"));
  return condition !== undefined && /^\s*(?:false|\$\{\{\s*false\s*\}\})\s*$/.test(condition) ? true : undefined;
}

/** Leaves out the runs of a matrix that differ in nothing that the step uses. */
function unique(steps: readonly WorkflowStep[]): WorkflowStep[] {
  const byContent = new Map<string, WorkflowStep>();
  for (const step of steps) {
    const options = [...step.options].map(([name, { text }]) => [name, text]);
    byContent.set(asText([step.path, step.line, step.action, step.isOff ?? false, options as Value[]]), step);
  }
  return [...byContent.values()];
}
