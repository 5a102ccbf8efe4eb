import type { LiveProbe } from "./assume";
import { deletions, onlyImages } from "./deletions";
import { deployments } from "./deployments";
import { lists } from "./lists";
import { registry } from "./registry";
import { scopes } from "./scopes";
import { stamps } from "./stamps";

/** Every probe, in the order of a run. */
export const probes: readonly LiveProbe[] = [...onlyImages, ...registry, ...stamps, ...deletions, ...lists, ...deployments, ...scopes];
