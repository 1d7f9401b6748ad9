// Lambda: search.

import { search } from '../lib/operations/search.ts';
import { compose } from './compose.ts';

export const handler = compose(search);
