// Paths as a contract writes them: relative to the repository's root and inside it. Pure.

/** Absolute, on a drive or a network share, or climbing with `..`. */
export function leavesRepository(path: string): boolean {
  return /^[\\/]/.test(path) || /^[A-Za-z]:/.test(path) || path.split(/[\\/]/).includes("..");
}
