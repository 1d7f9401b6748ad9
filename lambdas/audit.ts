// Lambda: audit.

import { audit } from '../lib/operations/audit/audit.ts';
import { compose } from './compose.ts';

export const handler = compose(audit);
