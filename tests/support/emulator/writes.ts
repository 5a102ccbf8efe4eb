import type { LoggedRequest, Sandbox } from "../../../sandbox";

/** What a sandbox was asked but to read and to take pushes. */
export function writesTo(sandbox: Sandbox): readonly LoggedRequest[] {
  return sandbox.requests().filter(({ method, path }) => !["GET", "HEAD"].includes(method) && !path.startsWith("/v2/"));
}
