import { push, TEMPLATE_ID } from '../../../testing/fleet.contract.js';
import { House } from '../../../testing/house.contract.js';
import { namedTemplateOf, templateOf, versionedTemplateOf } from './template.js';

const GIB = 1024 ** 3;
let house: House;
beforeEach(async () => {
  house = new House().begin();
  await house.tell(push('v1', 'a'));
  await house.clock.advanceBy(90_000);
  // The second version has the same kernel as itself twice over: shared files count once.
  await house.tell(
    push('v2', 'b', { description: 'with Xcode', kernel: { digest: `sha256:${'a'.repeat(64)}`, sizeBytes: 20 * GIB } }),
  );
});
afterEach(() => house.end());

const row = async () => (await house.templates.get(TEMPLATE_ID))!;

describe('a template', () => {
  it('is an id and a name in the short list', async () => {
    expect(namedTemplateOf(await row())).toEqual({ id: TEMPLATE_ID, name: 'macos' });
  });

  it('sums its files, shared ones once, and tells its last push', async () => {
    expect(templateOf(await row())).toEqual({
      id: TEMPLATE_ID,
      name: 'macos',
      size: 40 * GIB,
      arch: 'arm64',
      last_pull: 0,
      last_push: 1_772_359_290,
    });
  });

  it('lists its versions by number, each with all fields of the contract', async () => {
    const { versions } = versionedTemplateOf(await row());
    expect(versions.map(({ number, tag }) => [number, tag])).toEqual([
      [0, 'v1'],
      [1, 'v2'],
    ]);
    expect(versions[0]).toEqual({
      number: 0,
      tag: 'v1',
      description: '',
      config_file: `${TEMPLATE_ID}.yaml`,
      nvram: '',
      images: [`sha256:${'a'.repeat(64)}`],
      state_files: [],
      state_file: '',
      size: 20 * GIB,
      arch: '',
      last_pull: 0,
      last_push: 1_772_359_200,
      creation_date: 1_772_359_200,
    });
    expect(versions[1]).toMatchObject({ description: 'with Xcode', size: 40 * GIB, last_push: 1_772_359_290 });
  });
});
