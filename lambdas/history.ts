// Lambda: history.

import { history } from '../lib/operations/audit/history.ts';
import { compose } from './compose.ts';

export const handler = compose(history);
