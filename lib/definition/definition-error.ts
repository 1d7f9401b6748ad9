// A mistake in an API's definition: one clear message, led by the line of the definition it stands on.

const FRAME = /\(?((?:file:\/\/)?[^\s()]+):(\d+):\d+\)?$/;

/** Where a definition's function was called: the first stack frame outside this folder. Formatted only when asked. */
export class Origin {
  readonly #trace = new Error('origin');

  /** `examples/items/api.ts:12`, or an empty text where the stack tells nothing. */
  toString(): string {
    const place = this.#place();
    return place ? `${place.file}:${place.line}` : '';
  }

  /** The path of the file that called, or undefined where the stack tells nothing. */
  get file(): string | undefined {
    return this.#place()?.file;
  }

  #place(): { file: string; line: string } | undefined {
    for (const line of (this.#trace.stack ?? '').split('\n').slice(1)) {
      const match = FRAME.exec(line.trim());
      if (match && !/[/]lib[/]definition[/]/.test(match[1] as string)) {
        return { file: decodePath(match[1] as string), line: match[2] as string };
      }
    }
    return undefined;
  }
}

export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';

  constructor(origin: Origin, message: string) {
    const at = origin.toString();
    super(at === '' ? message : `${at}: ${message}`);
  }
}

/** A stack names modules by URL, in which a space is `%20`. */
function decodePath(file: string): string {
  return file.startsWith('file://') ? decodeURIComponent(file.slice('file://'.length)) : file;
}
