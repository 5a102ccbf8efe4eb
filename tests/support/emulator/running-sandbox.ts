import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox";

/** A fresh sandbox for each test of the block. */
export function useSandbox(options: SandboxOptions = { now: "2023-12-01T00:00:00Z" }): () => Sandbox {
  let sandbox: Sandbox | undefined;
  beforeEach(async () => {
    sandbox = await startSandbox(options);
  });
  afterEach(async () => {
    await sandbox?.close();
  });
  return () => {
    if (sandbox === undefined) throw new Error("only inside a test");
    return sandbox;
  };
}
