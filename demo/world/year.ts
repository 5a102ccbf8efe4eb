/** The packages whose images were lost. */
export const owner = "logto-io";
export const packages = ["logto", "logto-cloud"] as const;
export type PackageName = (typeof packages)[number];

export const platforms = ["linux/amd64", "linux/arm64"] as const;

/** Early on the day when the workflow ran: https://blog.logto.io/postmortem-docker-image-not-found */
export const incident = new Date("2023-12-17T03:00:00Z");

/** One build, pushed under its tags. */
export interface Push {
  readonly at: Date;
  readonly package: PackageName;
  readonly tags: readonly string[];
}

const hour = 3_600_000;
const day = 24 * hour;
const firstDeployment = Date.parse("2023-01-04T10:00:00Z");
const weeks = 50;

/** Returns every build of 2023 before the incident, oldest first. The dates are invented; the pattern is that of the team. */
export function yearOfPushes(): Push[] {
  const pushes = Array.from({ length: weeks }, (_, week) => packages.flatMap((name) => weekOf(name, week))).flat();
  const latePullRequests = packages.map((name) => push(name, incident.getTime() - 2 * day, [pullRequest(name, weeks)]));
  return [...pushes, ...latePullRequests].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Every week `prod` moves; some weeks have a pull request, a build of main or, where there are any, a release. */
function weekOf(name: PackageName, week: number): Push[] {
  const deployment = firstDeployment + week * 7 * day;
  const pullRequestPushes = [
    push(name, deployment - 2 * day, [pullRequest(name, week)]),
    // A second push to it leaves the first build untagged.
    ...(week % 2 === 0 ? [push(name, deployment - 19 * hour, [pullRequest(name, week)])] : []),
  ];
  return [
    ...(week % 3 === 0 ? pullRequestPushes : []),
    ...(week % 3 === 1 ? [push(name, deployment - 22 * hour, [mainBuild(name, week)])] : []),
    push(name, deployment, ["prod"]),
    ...(name === "logto" && week % 4 === 0 ? [push(name, deployment + 28 * hour, [`v1.${week / 4}.0`, "latest"])] : []),
  ];
}

/** Returns the tags that people would miss: production, the releases and the ten newest builds of main. */
export function tagsThatMatter(pushes: readonly Push[], name: PackageName): string[] {
  const tags = [...new Set(pushes.filter((push) => push.package === name).flatMap((push) => push.tags))];
  return [...tags.filter((tag) => /^(prod|latest|v\d.*)$/.test(tag)), ...tags.filter((tag) => tag.startsWith("main-")).slice(-10)];
}

/** Returns the image reference of clients: `127.0.0.1:5000/logto-io/logto:prod`. */
export function imageOf({ registryUrl }: { readonly registryUrl: string }, name: PackageName, tag?: string): string {
  return `${new URL(registryUrl).host}/${owner}/${name}${tag === undefined ? "" : `:${tag}`}`;
}

function push(name: PackageName, at: number, tags: readonly string[]): Push {
  return { at: new Date(at), package: name, tags };
}

function pullRequest(name: PackageName, week: number): string {
  return `pr-${(name === "logto" ? 2_800 : 410) + week * 4}`;
}

/** Returns a tag in the form of a short commit hash. */
function mainBuild(name: PackageName, week: number): string {
  return `main-${((week + (name === "logto" ? 131 : 257)) * 2_654_435).toString(16).padStart(7, "0").slice(-7)}`;
}
