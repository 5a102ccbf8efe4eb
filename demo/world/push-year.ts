import { pushMultiArchImage, type Sandbox } from "../../sandbox";
import { incident, owner, type Push, platforms, yearOfPushes } from "./year";

/** Pushes the year with the sandbox's clock going along, and stops it at the incident. What happened at one moment is pushed at once. */
export async function pushYear(sandbox: Sandbox, progress: (pushed: readonly Push[]) => void): Promise<readonly Push[]> {
  sandbox.setOwner(owner, "Organization");
  const pushed: Push[] = [];
  for (const moment of byMoment(yearOfPushes())) {
    sandbox.setClock(moment[0].at);
    await Promise.all(moment.map((push) => pushOne(sandbox, push)));
    pushed.push(...moment);
    progress(pushed);
  }
  sandbox.setClock(incident);
  return pushed;
}

/** As `docker buildx build --platform … --push` did: the manifests of the platforms by digest, then the index under the tags. */
async function pushOne({ registryUrl, token }: Sandbox, push: Push): Promise<void> {
  const target = { registryUrl, token, repository: `${owner}/${push.package}` };
  const seed = [push.package, push.at.toISOString(), ...push.tags].join(" ");
  await pushMultiArchImage(target, { seed, platforms, tags: push.tags });
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
