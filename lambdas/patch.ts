// Lambda: patch.

import { patch } from '../lib/operations/write/update.ts';
import { compose } from './compose.ts';

export const handler = compose(patch);
