import { type PushedImage, pushMultiArchImage, type Sandbox } from "../../sandbox";
import { incident, owner, type Push, platforms, yearOfPushes } from "./year";

/** A build and its manifests in the registry. */
export interface Pushed extends Push {
  readonly children: PushedImage["children"];
}

/** Pushes the year while moving the sandbox's clock, and stops the clock at the incident. Pushes of the same moment run concurrently. */
export async function pushYear(sandbox: Sandbox, progress: (pushed: readonly Pushed[]) => void): Promise<readonly Pushed[]> {
  sandbox.setOwner(owner, "Organization");
  const pushed: Pushed[] = [];
  for (const moment of byMoment(yearOfPushes())) {
    sandbox.setClock(moment[0].at);
    pushed.push(...(await Promise.all(moment.map((push) => pushOne(sandbox, push)))));
    progress(pushed);
  }
  sandbox.setClock(incident);
  return pushed;
}

/** Pushes like `docker buildx build --platform … --push`: the manifests of the platforms by digest, then the index under the tags. */
async function pushOne({ registryUrl, token }: Sandbox, push: Push): Promise<Pushed> {
  const target = { registryUrl, token, repository: `${owner}/${push.package}` };
  const seed = [push.package, push.at.toISOString(), ...push.tags].join(" ");
  const { children } = await pushMultiArchImage(target, { seed, platforms, tags: push.tags });
  return { ...push, children };
}

type Moment = [Push, ...Push[]];

function byMoment(pushes: readonly Push[]): Moment[] {
  const moments: Moment[] = [];
  for (const push of pushes) {
    const last = moments.at(-1);
    if (last && last[0].at.getTime() === push.at.getTime()) last.push(push);
    else moments.push([push]);
  }
  return moments;
}
