// Lambda: search.

import { search } from '../lib/operations/read/search.ts';
import { compose } from './compose.ts';

export const handler = compose(search);
