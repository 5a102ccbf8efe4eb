import { printable } from "../../components/model/printable";
import { Switches } from "../../sandbox";
import type { Observation, Probe, Value } from "./probe";

/** How an assumption compares with what was seen. `failed`: the probe broke off, so nothing was seen. */
export type Verdict = "same" | "different" | "not observable" | "failed";

/** The result of a probe. */
export interface Row {
  readonly name: string;
  readonly assumed: Value;
  readonly seen?: Value;
  readonly verdict: Verdict;
  /** GHCR's own words, or why nothing was seen. */
  readonly words?: string;
  readonly switch?: keyof Switches;
  /** Of a difference, the setting of the switch that matches; absent where the switch has none. */
  readonly setting?: Value;
}

type Described = Pick<Probe<never>, "name" | "assumption" | "switch">;

export function rowOf(probe: Described, observed: Observation): Row {
  const row = described(probe);
  if (observed.kind === "not observable") return { ...row, verdict: "not observable", words: observed.why };
  const { value, words } = observed;
  const seen = { ...row, seen: value, ...(words === undefined ? {} : { words: printable(words) }) };
  if (value === probe.assumption) return { ...seen, verdict: "same" };
  const isSetting = probe.switch !== undefined && Switches.shape[probe.switch].safeParse(value).success;
  return { ...seen, verdict: "different", ...(isSetting ? { setting: value } : {}) };
}

export function failedRow(probe: Described, error: unknown): Row {
  return { ...described(probe), verdict: "failed", words: printable(error instanceof Error ? error.message : String(error)) };
}

function described({ name, assumption, switch: ofSandbox }: Described): Omit<Row, "verdict"> {
  return { name, assumed: assumption, ...(ofSandbox === undefined ? {} : { switch: ofSandbox }) };
}

/** Reports whether a row needs no attention. What cannot be observed needs none. */
export function isFine({ verdict }: Row): boolean {
  return verdict === "same" || verdict === "not observable";
}
