import type { ServerResponse } from 'node:http';
import { systemClock } from '#events';
import { until } from '../../../../../test/support/until.js';
import { GuardedDial } from './guard/guarded-dial.driver.js';
import { systemResolve } from './guard/resolve.driver.js';
import { UrlPolicy } from './guard/url-policy.js';
import { HttpSender } from './http-sender.http.js';
import type { Message } from './sender.js';
import { Receiver } from './testing/receiver.contract.js';

const LIMIT_MS = 5_000;
const urls = new UrlPolicy({ allowCidrs: ['127.0.0.1/32'], ports: [{ from: 1, to: 65_535 }], allowHttp: true });
const dial = new GuardedDial({ addresses: urls.addresses, resolve: systemResolve(), clock: systemClock });
const message: Message = { id: 'c1:0', contentType: 'application/json', body: '{}' };

test('A request is not cut off by one to the new URL of its endpoint, and its connection is not kept', async () => {
  const sender = new HttpSender({ urls, dial, clock: systemClock, limitMs: LIMIT_MS });
  const held: ServerResponse[] = [];
  const [before, after] = [
    await Receiver.start((_request, response) => void held.push(response)),
    await Receiver.start(),
  ];
  const send = ({ url }: Receiver) => sender.send({ id: 'w1', url, headers: {}, secrets: [] }, message);

  const underWay = send(before);
  await until('The request is there', () => held.length === 1, LIMIT_MS);
  expect(await send(after)).toMatchObject({ outcome: 'delivered' });
  held[0]?.writeHead(204).end();
  expect(await underWay).toMatchObject({ outcome: 'delivered' });
  await until('The connection to the old URL is closed', () => before.sockets.size === 0, LIMIT_MS);
  expect(after.sockets.size).toBe(1);

  // Back again: the connection that waits for more is closed at once.
  void send(before);
  await until('The connection to the new URL is closed', () => after.sockets.size === 0, LIMIT_MS);
  sender.close();
  await Promise.all([before.close(), after.close()]);
});
