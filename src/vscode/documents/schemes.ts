// Names of the read-only documents and of a command in them, known before anything of them is loaded.

export const TRANSCRIPT_SCHEME = "countersign-transcript";
export const REPORT_SCHEME = "countersign-report";
export const OPEN_SESSION_FILE = "openSessionFile";
