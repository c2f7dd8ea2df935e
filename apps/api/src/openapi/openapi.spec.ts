import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';
import { AnkaRegistryModule } from '../dialects/anka/registry/registry.module.js';
import { AnkaModule } from '../dialects/anka/anka.module.js';
import { openDoors } from '../testing/api.contract.js';
import { House } from '../testing/house.contract.js';
import { ANKA_DOCUMENT_PATH, ANKA_REGISTRY_DOCUMENT_PATH, DOCS_PATH, serveOpenApi } from './openapi.module.js';

@Module({ imports: [AnkaModule, AnkaRegistryModule] })
class Doors {}

let house: House;
let app: NestFastifyApplication;
beforeAll(async () => {
  house = new House().begin();
  app = await openDoors(house, Doors, serveOpenApi);
});
afterAll(async () => {
  await app.close();
  await house.end();
});

const get = (url: string) => app.inject({ method: 'GET', url });

describe('a served OpenAPI document', () => {
  it('is JSON and has the routes', async () => {
    const answer = await get(ANKA_DOCUMENT_PATH);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    const document = answer.json<{ openapi: string; paths: Record<string, object> }>();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths['/api/v1/vm'] ?? {}).sort()).toEqual(['delete', 'get', 'post', 'put']);
  });

  it('for the registry has its routes alone', async () => {
    const { paths } = (await get(ANKA_REGISTRY_DOCUMENT_PATH)).json<{ paths: Record<string, object> }>();
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/registry/status', '/registry/vm', '/registry/disk']));
    expect(Object.keys(paths).filter((path) => path.startsWith('/api/'))).toEqual([]);
  });

  it('can be read in a browser, with nothing from anywhere else', async () => {
    const page = await get(DOCS_PATH);
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const files = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) {
      const url = new URL(file, `http://self${DOCS_PATH}`);
      expect(url.host).toBe('self');
      expect([file, (await get(url.pathname)).statusCode]).toEqual([file, 200]);
    }
  });
});
