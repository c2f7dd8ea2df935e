import type { RawAnswer } from './wire.js';

type Json = Record<string, unknown>;

/** An answer whose document was changed. */
export function spoilt(answer: RawAnswer, change: (document: Json) => void): RawAnswer {
  const document = JSON.parse(answer.text) as Json;
  change(document);
  return { ...answer, text: JSON.stringify(document) };
}

/** Sets what is at the end of the path, such as `body.0.vm.tag`; undefined takes it away. Throws when there is no such place. */
export function set(path: string, value: unknown): (document: Json) => void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  return (document) => {
    const holder = keys.reduce<unknown>((one, key) => (one as Json | undefined)?.[key], document);
    if (typeof holder !== 'object' || holder === null) throw new Error(`The answer has no ${keys.join('.')}`);
    if (value === undefined && !Object.hasOwn(holder, last)) throw new Error(`The answer has no ${path}`);
    if (value === undefined) delete (holder as Json)[last];
    else (holder as Json)[last] = value;
  };
}
