// `npm run docs:operators`: writes docs/operators.md.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operatorsPage } from './operators-page.ts';

writeFileSync(join(import.meta.dirname, '../docs/operators.md'), operatorsPage());
