import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox";
import { useFreshStage } from "../use-stage";

/** A fresh sandbox for each test of the block. */
export function useSandbox(options: SandboxOptions = { now: "2023-12-01T00:00:00Z" }): () => Sandbox {
  return useFreshStage(() => startSandbox(options));
}
