import { readTree, type Rule } from './rules/source.js';
import { importsOf } from './rules/syntax.js';

const FOLDER = 'test/consumer/';
/** What whoever writes a consumer has. */
const PUBLIC = /^(node:|@nats-io\/|standardwebhooks$|cloudevents$|@jest\/globals$|\.\/)/;
/** Its test starts the product, of which it then knows no more than addresses. */
const SPEC = /\.e2e-spec\.ts$/;

const onlyPublic: Rule = (sources) =>
  sources
    .filter(({ path }) => path.startsWith(FOLDER) && path.endsWith('.ts'))
    .flatMap((source) =>
      importsOf(source)
        .filter(
          ({ specifier }) =>
            !PUBLIC.test(specifier) && !(SPEC.test(source.path) && specifier.startsWith('../support/')),
        )
        .map(({ specifier, line }) => `${source.path}:${line} imports ${specifier}, which no consumer has`),
    );

describe('the consumer that was written from docs/events.md alone', () => {
  it('uses what is public, and nothing of ours', () => expect(onlyPublic(readTree())).toEqual([]));

  it('would be caught with code of ours', () => {
    const text =
      "import { decodeEvent } from '../../libs/events/src/index.js';\nimport { Fleet } from '../support/fleet.js';\n";
    expect(onlyPublic([{ path: `${FOLDER}channels.ts`, text }])).toEqual([
      `${FOLDER}channels.ts:1 imports ../../libs/events/src/index.js, which no consumer has`,
      `${FOLDER}channels.ts:2 imports ../support/fleet.js, which no consumer has`,
    ]);
    expect(onlyPublic([{ path: `${FOLDER}a.e2e-spec.ts`, text }])).toHaveLength(1);
  });
});
