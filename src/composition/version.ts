// The version that is shown and put on record. One source: the manifest.
import manifest from "../../package.json";

export const VERSION: string = manifest.version;
