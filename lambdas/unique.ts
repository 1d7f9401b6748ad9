// Lambda: unique.

import { unique } from '../lib/operations/read/unique.ts';
import { compose } from './compose.ts';

export const handler = compose(unique);
