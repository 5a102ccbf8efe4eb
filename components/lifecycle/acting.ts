/** What a preview has no need of. */
export { connect } from "../inventory/connection";
export { cacheFolderOf } from "../inventory/package-cache";
export { apply } from "./apply";
export { read } from "./read";
