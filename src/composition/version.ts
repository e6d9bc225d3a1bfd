// The version that is shown and put on record. One source: the manifest.
import manifest from "../../package.json";

export const VERSION: string = manifest.version;

/** The Node.js that the command line needs, e.g. `>=20.19.0`. */
export const NODE_WANTED: string = manifest.engines.node;
