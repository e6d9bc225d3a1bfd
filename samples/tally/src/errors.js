export const EXIT = Object.freeze({ ok: 0, failure: 1, usage: 2 });

/** Something the user typed is wrong. Reported without a stack trace, exit code 2. */
export class UsageError extends Error {
  name = 'UsageError';

  /**
   * @param {string} message what is wrong, quoting what was typed
   * @param {string} [hint] what to type instead
   */
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}
