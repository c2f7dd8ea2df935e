import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join as pathOf } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '../../testing/api.contract.js';
import { beat, instance, join, push, SCRIPT_BAD, SCRIPT_OK, seatOf } from '../../testing/fleet.contract.js';
import { House } from '../../testing/house.contract.js';
import { AnkaModule } from './anka.module.js';
import { CONTROLLER_VERSION } from './version.js';

/** One request as clients of the vendor's controller send it, and the answer they rely on. `$VERSION` stands for ours. */
interface Exchange {
  readonly request: {
    readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** Sent as it stands when it is a text, else as JSON. */
    readonly body?: unknown;
  };
  readonly response: { readonly code: number; readonly body: unknown };
}

const FOLDER = pathOf(dirname(fileURLToPath(import.meta.url)), 'goldens');

/** What happens before an exchange, by the number with which its file begins. */
const BEFORE: Readonly<Record<string, (house: House) => Promise<unknown> | void>> = {
  '12': (house) => house.tell({ type: 'ReportVMPulling', ...seatOf(house, vm(house, 0)) }),
  '13': (house) => house.vitals.hear(beat('mac-01', { pulls: { [vm(house, 0)]: 0.5 } })),
  '15': async (house) => {
    await house.tell({ type: 'ReportVMPulled', ...seatOf(house, vm(house, 0)) });
    await house.tell({
      type: 'ReportVMStarted',
      ...seatOf(house, vm(house, 0)),
      instance: instance(),
      script: SCRIPT_OK,
    });
  },
  '16': (house) =>
    house.tell({
      type: 'ReportVMStartFailed',
      ...seatOf(house, vm(house, 1)),
      message: 'startup script exit code 1',
      retryable: false,
      script: SCRIPT_BAD,
      instance: instance({ uuid: '0b0b0b0b-4444-4d8e-4f90-000000000005', forwards: [] }),
    }),
  '39': async (house) => {
    await house.tell(push('v1', 'a'));
    for (const nodeId of ['mac-01', 'mac-02']) await house.tell(join(nodeId));
  },
  '51': async (house) => {
    const distributionId = [...house.cluster.distributions.keys()][0] ?? '';
    const { templateId } = push('v1', 'a');
    await house.tell({ type: 'ReportTemplatePullProgress', nodeId: 'mac-01', distributionId, progress: 0.5 });
    await house.tell({ type: 'ReportTemplatePulled', nodeId: 'mac-02', templateId, tag: 'v1' });
  },
  '63': (house) => {
    const usbDevices = ['u1', 'u2'].map((id) => ({ id, group: 'phone' }));
    return house.tell(join('mac-03', { facts: { usbDevices, vlans: ['12', 'blue'] } }));
  },
  '72': (house) => house.tell({ type: 'FillMacPool', from: '0a:bc:00:00:00:01', to: '0a:bc:00:00:00:ff' }),
  '77': (house) =>
    house.tell({ type: 'ReportVMStarted', ...seatOf(house, newest(house)), instance: instance({ forwards: [] }) }),
  '79': (house) => {
    const requestId = [...house.cluster.saves.keys()][0] ?? '';
    const disk = { digest: `sha256:${'c'.repeat(64)}`, sizeBytes: 5 };
    return house.tell({
      type: 'ReportImageSaved',
      ...seatOf(house, newest(house)),
      requestId,
      disk,
      scriptResult: SCRIPT_OK,
    });
  },
  '33': (house) => house.tell({ type: 'ReportVMTerminated', ...seatOf(house, vm(house, 0)) }),
};

const vm = (house: House, n: number): string => [...house.cluster.vms.keys()][n] ?? '';
const newest = (house: House): string => vm(house, house.cluster.vms.size - 1);

let house: House;
let app: NestFastifyApplication;
beforeAll(async () => {
  house = new House().begin();
  app = await openDoors(house, AnkaModule);
  await house.tell(push('v1', 'a'));
  await house.tell(push('v3', 'b', { description: 'Xcode 26' }));
  await house.tell(join('mac-01'));
  await house.tell({
    type: 'ReportTemplatePulled',
    nodeId: 'mac-01',
    templateId: push('v1', 'a').templateId,
    tag: 'v1',
  });
  house.vitals.hear(beat('mac-01'));
});
afterAll(async () => {
  await app.close();
  await house.end();
});

describe('one after the other, the exchanges', () => {
  const names = readdirSync(FOLDER).sort();

  it('are all there', () => expect(names.length).toBeGreaterThanOrEqual(25));

  it.each(names)('%s', async (name) => {
    await house.clock.advanceBy(1000);
    await BEFORE[name.slice(0, 2)]?.(house);
    const { request, response } = JSON.parse(readFileSync(pathOf(FOLDER, name), 'utf8')) as Exchange;
    const { method, url, headers = {}, body } = request;
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await app.inject({ method, url, headers: { host: 'ctl.example:8090', ...headers }, payload });
    const text = answer.payload.replaceAll(CONTROLLER_VERSION, '$VERSION');
    expect({ code: answer.statusCode, body: JSON.parse(text) as unknown }).toEqual(response);
    expect(text).toBe(`${JSON.stringify(response.body)}\n`);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  });
});
