// Lambda: has-permission.

import { hasPermission } from '../lib/operations/user/has-permission.ts';
import { compose } from './compose.ts';

export const handler = compose(hasPermission);
