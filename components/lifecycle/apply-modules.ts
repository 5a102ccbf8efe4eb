/** What a preview has no need of. */

export { cacheFolderOf } from "../inventory/cache/package-cache";
export { connect } from "../inventory/connection";
export { apply } from "./apply/apply";
export { read } from "./read";
