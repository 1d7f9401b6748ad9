// Cuts the texts of a request to the lengths that an audit row stores. A cut text ends in a mark with the length it had:
// `Mozilla/5.0 … (9,700 characters)`.

/** The most characters of a user agent, an address or a name. */
const MAX_CHARACTERS = 256;
/** The most bytes of a parameter's name, of its value, and of a path. */
const MAX_BYTES = 1_024;
/** The most bytes of a record's id. */
const MAX_ID_BYTES = 2_048;
/** The most parameters, counting each value of a repeated one. */
export const MAX_PARAMETERS = 50;

const MARK = /… \([\d,]+ characters\)$/;

/** Cuts a text to 256 characters. */
export function cutName(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  const characters = [...text];
  return characters.length <= MAX_CHARACTERS ? text : marked(characters.slice(0, MAX_CHARACTERS).join(''), characters);
}

/** Cuts a text to 1 KB. */
export function cutParameter(text: string): string {
  return cutBytes(text, MAX_BYTES);
}

/** Cuts a text to 2 KB, the longest id of a record. */
export function cutId(text: string): string {
  return cutBytes(text, MAX_ID_BYTES);
}

/** True if a text was cut, or looks as if it was. */
export function isCut(text: string): boolean {
  return MARK.test(text);
}

function cutBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  // Decode as a stream, which leaves out a character that is cut in its middle.
  const kept = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, most), { stream: true });
  return marked(kept, [...text]);
}

function marked(kept: string, { length }: readonly string[]): string {
  return `${kept}… (${length.toLocaleString('en-US')} characters)`;
}
