import type { TopLevelSpec } from "vega-lite";
import type { PurePoint } from "./growth-process";
import type { Point } from "./work/one-package";

interface Mark {
  readonly versions: number;
  readonly value: number;
  readonly what: string;
}

/** Draws the plots: a map from file name to SVG. */
export async function plotsOf(points: readonly Point[], growth: readonly PurePoint[]): Promise<Record<string, string>> {
  const requests = points.flatMap(({ versions, bound, cold, warm }) => [
    { versions, value: versions + Math.ceil(versions / 100), what: "everything fetched" },
    { versions, value: bound, what: "the bound, cold" },
    { versions, value: cold.requests.all, what: "cold" },
    { versions, value: warm.requests.all, what: "warm" },
  ]);
  const times = points.flatMap(({ versions, cold, warm, reference }) => [
    ...(reference === undefined ? [] : [{ versions, value: reference / 1_000, what: "reference client" }]),
    { versions, value: cold.milliseconds / 1_000, what: "cold" },
    { versions, value: warm.milliseconds / 1_000, what: "warm" },
  ]);
  const pure = growth.flatMap(({ versions, milliseconds, yardstick }) => [
    { versions, value: milliseconds, what: "graph and plan" },
    { versions, value: yardstick, what: "the yardstick" },
  ]);
  return {
    "requests.svg": await draw("requests", requests),
    "time.svg": await draw("seconds, 20 ms latency", times),
    "growth.svg": await draw("milliseconds", pure),
  };
}

async function draw(title: string, values: readonly Mark[]): Promise<string> {
  const spec: TopLevelSpec = {
    width: 480,
    height: 300,
    background: "white",
    padding: 12,
    data: { values: [...values] },
    mark: { type: "line", point: true },
    encoding: {
      x: {
        field: "versions",
        type: "quantitative",
        scale: { type: "log" },
        axis: { title: "versions of the package", format: "~s", tickCount: 4 },
      },
      y: { field: "value", type: "quantitative", scale: { type: "log" }, axis: { title, format: "~g", tickCount: 5 } },
      color: { field: "what", type: "nominal", sort: null, legend: { title: null } },
    },
  };
  // Both modules use a top-level await, which `require` cannot load.
  const [{ parse, View }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  return `${await view.toSVG()}\n`;
}
