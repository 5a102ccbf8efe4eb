import * as pulumi from "../sdk/pulumi";

/** The engines that have been asked: with Pulumi's Automation API one process runs several programs. */
const asked = new WeakSet<object>();

/**
 * Lets the engine start the provider's process, while the package is observed: to load the SDK takes that process longer than most
 * inventories. Without it the engine would start the process with the first resource, which is registered once its package is observed.
 * The provider of dynamic resources has no function, so what it answers is that there is none.
 */
export function startProvider(): void {
  const engine = pulumi.runtime.getMonitor();
  if (engine === undefined || asked.has(engine)) return;
  asked.add(engine);
  pulumi.runtime.invoke("pulumi-nodejs:dynamic:start", {}).catch(() => {});
}
