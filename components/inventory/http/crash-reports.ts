/**
 * Node's reports of crashes, where a user switches them on, list the environment, and with it GITHUB_TOKEN. From Node 22.13 on
 * they can leave it out: https://nodejs.org/api/process.html#processreportexcludeenv
 */
export function excludeEnvironmentFromReports(): void {
  Object.assign(process.report ?? {}, { excludeEnv: true });
}
