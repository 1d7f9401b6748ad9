// Lambda: delete.

import { remove } from '../lib/operations/write/remove.ts';
import { compose } from './compose.ts';

export const handler = compose(remove);
