// An error that the user must mend before anything can run. The command prints its lines and ends with exit code 2.

export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** One line each; the first says what is wrong, and what to do unless the others do. */
  readonly lines: readonly string[];

  constructor(...lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
