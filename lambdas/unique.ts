// Lambda: unique.

import { unique } from '../lib/operations/unique.ts';
import { compose } from './compose.ts';

export const handler = compose(unique);
