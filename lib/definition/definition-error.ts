// The error of a mistake in an API's definition. Its message begins with the file and line of the definition.

const FRAME = /\(?((?:file:\/\/)?[^\s()]+):(\d+):\d+\)?$/;

/** The place of a call in a definition: the first stack frame outside this folder. The stack is formatted when it is read. */
export class Origin {
  readonly #trace = new Error('origin');

  /** Prints the place as `examples/items/api.ts:12`; an empty text if the stack does not name it. */
  toString(): string {
    const place = this.#place();
    return place ? `${place.file}:${place.line}` : '';
  }

  /** The path of the calling file; `undefined` if the stack does not name it. */
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

/** Decodes the URL by which a stack names a module, in which a space is `%20`. */
function decodePath(file: string): string {
  return file.startsWith('file://') ? decodeURIComponent(file.slice('file://'.length)) : file;
}
