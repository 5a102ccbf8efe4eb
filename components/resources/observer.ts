import { parseWrittenPolicy } from "../config/written-policy";
import { ObserverThread } from "../observe/thread";
import * as pulumi from "../sdk/pulumi";

interface Observer extends Pick<ObserverThread, "warmUp" | "observe" | "report" | "organizationApprovals"> {
  /** See {@link ObserverThread.reserveAnswer}; under mocks no provider answers. */
  reserveAnswer(): string | undefined;
  beginOutcome(): string | undefined;
}

/** For all packages of the program together. How far it is, is one line in the stack's Info column, and a sparse one in a CI's log. */
const thread = new ObserverThread((line, isProgress) => void pulumi.log.info(line, undefined, undefined, isProgress));

/** Under mocks no package is observed, so there is nothing to report and no thread. */
const mocked: Observer = {
  warmUp() {},
  reserveAnswer() {
    return undefined;
  },
  beginOutcome() {
    return undefined;
  },
  async observe({ policy, endpoints }) {
    const parsed = parseWrittenPolicy(policy, endpoints);
    return parsed.kind === "invalid" ? parsed : { kind: "mocked", policy };
  },
  async report({ handle }) {
    throw new Error(`under mocks no package has the handle ${handle}`);
  },
  async organizationApprovals({ approve }) {
    return { common: approve === undefined ? {} : { approve }, confirmed: {} };
  },
};

export function observer(): Observer {
  return isMocked() ? mocked : thread;
}

/** Reports whether the program runs in a unit test with `pulumi.runtime.setMocks`. */
export function isMocked(): boolean {
  return pulumi.runtime.getMonitor() instanceof pulumi.runtime.MockMonitor;
}
