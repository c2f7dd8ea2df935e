import { type Environment, readSettings } from '../../libs/events/src/settings/index.js';

/** What the tools on this machine show to the API: they act as root when the environment has the root token. */
export function apiHeaders(env: Environment = process.env): Record<string, string> {
  const { ANKA_ROOT_TOKEN: token } = readSettings(env, ['ANKA_ROOT_TOKEN']);
  return token === undefined ? {} : { authorization: `Basic ${Buffer.from(`root:${token}`).toString('base64')}` };
}
