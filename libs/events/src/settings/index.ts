export { SETTINGS, type SettingName } from './catalogue.js';
export { ANKA_IGNORED } from './anka-ignored.js';
export { completeEnvironment } from './complete-environment.driver.js';
export { assertKnownSettings, wordsOnIgnored } from './known-settings.js';
export { LONGEST_DURATION_MS, parseDuration } from './duration.js';
export { expectationOf } from './parse.js';
export { readSettings, requireSettings, type Environment, type Settings, type ValueOf } from './read-settings.js';
export type { AppName, ListenAddress, Setting, SettingKind } from './setting.js';
