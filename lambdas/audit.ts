// Lambda: audit.

import { audit } from '../lib/operations/audit.ts';
import { compose } from './compose.ts';

export const handler = compose(audit);
