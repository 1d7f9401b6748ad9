// Lambda: create.

import { create } from '../lib/operations/write/create.ts';
import { compose } from './compose.ts';

export const handler = compose(create);
