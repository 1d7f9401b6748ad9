// Lambda: update.

import { update } from '../lib/operations/write/update.ts';
import { compose } from './compose.ts';

export const handler = compose(update);
