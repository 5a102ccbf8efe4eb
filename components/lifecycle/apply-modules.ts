/** Everything that acts on a package or asks for it, loaded on demand: the usual preview needs none of it. */

export { cacheFolderOf } from "../inventory/cache/cache-folder";
export { connect } from "../inventory/connection";
export { apply } from "./apply/apply";
export { observePassedOn } from "./observe-passed-on";
export { read } from "./read";
