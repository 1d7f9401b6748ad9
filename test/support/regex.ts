// What a regular expression says to texts.

import { compileRegex } from '../../lib/access/regex/regex.ts';

/** Those of the texts that match. */
export function matching(expression: string, texts: readonly string[]): readonly string[] {
  const regex = compileRegex(expression);
  return texts.filter((text) => regex.matches(text));
}
