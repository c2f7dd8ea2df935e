import { EVENTS } from '#events';
import { Problem } from '../shell/problem.js';
import { readSchemaFiles } from './schema-files.driver.js';
import { SchemasController } from './schemas.controller.js';

const controller = new SchemasController();

describe('the schemas of events', () => {
  it('are listed, every type of the catalogue among them', () => {
    const { items } = controller.list();
    expect(items.map(({ type }) => type)).toEqual(expect.arrayContaining([...Object.keys(EVENTS), 'EventEnvelope']));
    expect(items).toContainEqual({
      type: 'VMStarted',
      version: 1,
      dataschema: 'urn:muster:VMStarted:1',
      url: '/api/v2/schemas/VMStarted/1',
    });
  });

  it('are found where the list says', () => {
    for (const { url, dataschema } of controller.list().items) {
      const [type = '', version = ''] = url.split('/').slice(-2);
      expect(JSON.parse(controller.one(type, version))).toMatchObject({ $id: dataschema });
    }
  });

  it.each([
    ['VMStarted', '99'],
    ['VMStarted', '01'],
    ['../events', '1'],
    ['Nothing', '1'],
  ])('of %s, version %s, do not exist', (type, version) => {
    expect(() => controller.one(type, version)).toThrow(Problem);
  });

  it('are missed in a program that was installed without them', () => {
    expect(() => readSchemaFiles('/')).toThrow(/Cannot find docs.schemas/);
  });
});
