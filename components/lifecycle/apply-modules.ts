/** Everything that only an apply or a refresh needs, loaded on demand. */

export { cacheFolderOf } from "../inventory/cache/package-cache";
export { connect } from "../inventory/connection";
export { apply } from "./apply/apply";
export { read } from "./read";
