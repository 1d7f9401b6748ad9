// `npm run docs:reference`: writes the pages of docs/reference that are made from tables of the code.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePages } from './reference-pages.ts';

for (const [page, text] of referencePages()) writeFileSync(join(import.meta.dirname, '..', page), text);
