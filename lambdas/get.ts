// Lambda: get.

import { get } from '../lib/operations/read/get.ts';
import { compose } from './compose.ts';

export const handler = compose(get);
