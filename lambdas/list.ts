// Lambda: list.

import { list } from '../lib/operations/read/list.ts';
import { compose } from './compose.ts';

export const handler = compose(list);
