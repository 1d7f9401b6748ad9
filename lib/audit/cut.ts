// The bounds of what an audit row keeps of a request, which is as large as its sender made it. What is cut ends in a mark
// that says how much there was: `Mozilla/5.0 … (9,700 characters)`.

/** The most of a user agent, an address, a name: what one line shows of a caller. */
const MAX_CHARACTERS = 256;
/** The most of a parameter's name, of its value, and of a path. */
const MAX_BYTES = 1_024;
/** The longest id that a record can have. */
const MAX_ID_BYTES = 2_048;
/** The most parameters, each value of a repeated one counted. */
export const MAX_PARAMETERS = 50;

const MARK = /… \([\d,]+ characters\)$/;

/** The first 256 characters. */
export function cutName(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  const characters = [...text];
  return characters.length <= MAX_CHARACTERS ? text : marked(characters.slice(0, MAX_CHARACTERS).join(''), characters);
}

/** The first KB. */
export function cutParameter(text: string): string {
  return cutBytes(text, MAX_BYTES);
}

/** The first 2 KB: an id that a record can have stays whole. */
export function cutId(text: string): string {
  return cutBytes(text, MAX_ID_BYTES);
}

/** Whether a text was cut, or looks as if it was: the rest of it is not known. */
export function isCut(text: string): boolean {
  return MARK.test(text);
}

function cutBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  // A decoder that expects more bytes leaves out a character that is cut in its middle.
  const kept = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, most), { stream: true });
  return marked(kept, [...text]);
}

function marked(kept: string, { length }: readonly string[]): string {
  return `${kept}… (${length.toLocaleString('en-US')} characters)`;
}
