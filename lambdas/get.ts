// Lambda: get.

import { get } from '../lib/operations/get.ts';
import { compose } from './compose.ts';

export const handler = compose(get);
