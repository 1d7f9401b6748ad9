// Lambda: patch.

import { patch } from '../lib/operations/update.ts';
import { compose } from './compose.ts';

export const handler = compose(patch);
