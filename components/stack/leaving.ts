import { z } from "zod";
import { leavingText } from "../messages/removal";
import { declaredNames } from "../resources/plan-owners";
import * as pulumi from "../sdk/pulumi";

/** A function of the engine itself: https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go */
const readResources = "pulumi:pulumi:readStackResourceOutputs";

const Resources = z.object({ outputs: z.record(z.string(), z.object({ type: z.string() })) });

/**
 * Says in a preview which policies leave the stack, by the stack's state and the names that the program declares. The engine shows `delete`
 * beside them and asks neither their provider nor the program. Where the state cannot be read, nothing is said.
 */
export async function reportLeaving(type: string, declared: readonly Promise<readonly string[]>[]): Promise<void> {
  if (!pulumi.runtime.isDryRun()) return;
  try {
    const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
    // Members of an organisation are declared as soon as its packages are listed; without their list nobody knows which of them leave.
    const [names, found] = await Promise.all([Promise.all(declared), pulumi.runtime.invoke(readResources, { stackName })]);
    // A program that imports this one may declare policies of its own.
    const staying = new Set([...names.flat(), ...declaredNames()]);
    const recorded = Object.entries(Resources.parse(found).outputs).flatMap(([urn, resource]) =>
      resource.type === type ? [nameIn(urn)] : [],
    );
    // A policy that moves within the config keeps its name.
    const leaving = recorded.filter((name) => !staying.has(name));
    if (leaving.length > 0) pulumi.log.info(leavingText(leaving));
  } catch {
    // The update says it as well, for each policy.
  }
}

function nameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
