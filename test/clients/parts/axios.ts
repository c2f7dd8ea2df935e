import { Refused } from './rejected.js';
import type { RawAnswer, Wire, WireRequest } from './wire.js';

const HEADERS = {
  Accept: 'application/json, text/plain, */*',
  'User-Agent': 'axios/1.7.9',
  'Accept-Encoding': 'gzip, compress, deflate, br',
};

/** A request as axios sends it: a body that is a text already counts as a form. Throws for any code but 2xx. */
export async function viaAxios<T>(
  wire: Wire,
  request: Pick<WireRequest, 'method' | 'path'>,
  body?: string | object,
  auth?: { readonly username: string; readonly password: string },
): Promise<T> {
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
  const headers = {
    ...HEADERS,
    ...(body !== undefined && { 'Content-Type': type }),
    ...(auth && { Authorization: basic(auth.username, auth.password) }),
  };
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  return dataOf<T>(await wire.send({ ...request, headers, ...sent }));
}

/** The data of an answer, as axios hands it on. */
export function dataOf<T>({ code, text }: RawAnswer): T {
  if (code < 200 || code > 299) {
    const message = (looselyParsed(text) as { message?: string }).message ?? '';
    throw new Refused(code, `Request failed with status code ${code}: ${message}`);
  }
  return looselyParsed(text) as T;
}

/** axios leaves a body that is no JSON as the text that it is. */
function looselyParsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
