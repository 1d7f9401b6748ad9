// Lambda: update.

import { update } from '../lib/operations/update.ts';
import { compose } from './compose.ts';

export const handler = compose(update);
