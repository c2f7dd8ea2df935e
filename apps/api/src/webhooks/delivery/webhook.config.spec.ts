import { readWebhookConfig } from './webhook.config.js';

describe('the settings of webhooks', () => {
  it('are strict when nothing is set, and try for three days', () => {
    const { receivers, retryScheduleMs, disableAfterMs, dnsServers } = readWebhookConfig({});
    expect(dnsServers).toBeUndefined();
    expect(receivers).toEqual({
      allowCidrs: [],
      ports: [
        { from: 443, to: 443 },
        { from: 8443, to: 8443 },
      ],
      allowHttp: false,
    });
    expect(retryScheduleMs).toHaveLength(9);
    const hours = retryScheduleMs.reduce((sum, step) => sum + step, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(72);
    expect(disableAfterMs).toBe(120 * 3_600_000);
  });

  it('open what an operator opens', () => {
    const { receivers, retryScheduleMs, dnsServers } = readWebhookConfig({
      MUSTER_WEBHOOK_DNS_SERVERS: '10.0.0.53',
      MUSTER_WEBHOOK_ALLOW_CIDRS: '10.0.0.0/8, fd00::/8',
      MUSTER_WEBHOOK_PORTS: '80,9000-9010',
      MUSTER_WEBHOOK_ALLOW_HTTP: 'true',
      MUSTER_WEBHOOK_RETRY_SCHEDULE: '50ms, 1s',
    });
    expect(receivers.allowCidrs).toEqual(['10.0.0.0/8', 'fd00::/8']);
    expect(receivers.ports.at(-1)).toEqual({ from: 9000, to: 9010 });
    expect(receivers.allowHttp).toBe(true);
    expect(dnsServers).toEqual(['10.0.0.53']);
    expect(retryScheduleMs).toEqual([50, 1000]);
  });

  it.each([
    ['MUSTER_WEBHOOK_ALLOW_CIDRS', '10.0.0.1'],
    ['MUSTER_WEBHOOK_PORTS', 'all'],
    ['MUSTER_WEBHOOK_DNS_SERVERS', 'ns1.example'],
    ['MUSTER_WEBHOOK_RETRY_SCHEDULE', '5 seconds'],
    ['MUSTER_WEBHOOK_RETRY_SCHEDULE', ''.padEnd(200, '1s,') + '1s'],
  ])('say which of them is wrong: %s', (name, text) => {
    expect(() => readWebhookConfig({ [name]: text })).toThrow(name);
  });
});
