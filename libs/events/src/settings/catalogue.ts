import { ANKA_SETTINGS } from './anka-settings.js';
import { LOG_SETTINGS } from './log-settings.js';
import { AUTH_SETTINGS } from './auth-settings.js';
import { OWN_SETTINGS } from './own-settings.js';
import { NODE_SETTINGS } from './node-settings.js';
import { WEBHOOK_SETTINGS } from './webhook-settings.js';

/** Every setting of the product, in the order of docs/config.md. A setting that is not here does not exist. */
export const SETTINGS = [
  ...OWN_SETTINGS,
  ...NODE_SETTINGS,
  ...AUTH_SETTINGS,
  ...ANKA_SETTINGS,
  ...LOG_SETTINGS,
  ...WEBHOOK_SETTINGS,
] as const;

/** The name of a setting, as it stands in the environment. */
export type SettingName = (typeof SETTINGS)[number]['name'];
