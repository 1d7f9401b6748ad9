// The pages of docs/reference that nobody writes by hand: each is made from the table that the code itself uses.

import { constructPage } from './construct-page.ts';
import { errorsPage } from './errors-page.ts';
import { operatorsPage } from './operators-page.ts';

/** Each page with its whole text. */
export function referencePages(): readonly (readonly [page: string, text: string])[] {
  return [
    ['docs/reference/operators.md', operatorsPage()],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/construct.md', constructPage()],
  ];
}
