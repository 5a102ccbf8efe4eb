import { cpus, loadavg, totalmem } from "node:os";

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly gigabytes: number;
  readonly node: string;
  /** The load average over the last minute, before the measurements. */
  readonly load: number;
  readonly text: string;
}

export function describeMachine(): Machine {
  const all = cpus();
  const machine = {
    cores: all.length,
    model: all[0]?.model.trim() ?? "unknown",
    gigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
  const { cores, model, gigabytes, node, load } = machine;
  return { ...machine, text: `${cores} cores (${model}), ${gigabytes} GB, ${process.platform}, Node ${node}; load before the run ${load}` };
}
