// Diagnostics for the developer of an installation; never a channel to the user, never a place for keys.

/** Contract: never throws, returns at once. */
export interface Logger {
  debug(message: string, data?: Readonly<Record<string, unknown>>): void;
  info(message: string, data?: Readonly<Record<string, unknown>>): void;
  warn(message: string, data?: Readonly<Record<string, unknown>>): void;
}
