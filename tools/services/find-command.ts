import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Places where packages put servers and that an ordinary user's PATH leaves out. */
const FURTHER_PLACES = [
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/bin',
  '/sbin',
  '/opt/homebrew/bin',
];

function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The full path of a command, looked for on PATH and then where the system's packages put servers. */
export function findCommand(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const places = [...(env['PATH'] ?? '').split(delimiter).filter((place) => place !== ''), ...FURTHER_PLACES];
  return places.map((place) => join(place, name)).find(isExecutableFile);
}
