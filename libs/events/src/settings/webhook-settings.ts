import type { Setting } from './setting.js';

/** Where webhooks may be sent, and how long it is tried. */
export const WEBHOOK_SETTINGS = [
  {
    name: 'MUSTER_WEBHOOK_ALLOW_HTTP',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether webhooks may be sent over plain HTTP; MUSTER_WEBHOOK_PORTS must name its ports, too.',
  },
  {
    name: 'MUSTER_WEBHOOK_PORTS',
    apps: ['api'],
    kind: 'string',
    default: '443,8443',
    meaning: 'Ports to which webhooks may be sent, with commas between them; 9000-9010 is a range.',
  },
  {
    name: 'MUSTER_WEBHOOK_ALLOW_CIDRS',
    apps: ['api'],
    kind: 'string',
    meaning:
      'Networks to which webhooks may be sent although they are not public, with commas between them, e.g. 10.0.0.0/8,fd00::/8. Unset: public addresses only.',
  },
  {
    name: 'MUSTER_WEBHOOK_DNS_SERVERS',
    apps: ['api'],
    kind: 'string',
    meaning:
      'DNS servers that are asked for the addresses of receivers, with commas between them, e.g. 10.0.0.53,10.0.1.53:5353,[fd00::53]:53. Unset: those of the system.',
  },
  {
    name: 'MUSTER_WEBHOOK_RETRY_SCHEDULE',
    apps: ['api'],
    kind: 'string',
    default: '5s,5m,30m,2h,5h,10h,14h,20h,24h',
    meaning:
      'How long after each failed attempt of a webhook the next one follows, give or take a tenth; after the last it is a dead letter.',
  },
  {
    name: 'MUSTER_WEBHOOK_DISABLE_AFTER',
    apps: ['api'],
    kind: 'duration',
    default: '120h',
    meaning: 'How long nothing but failures may come from a webhook’s receiver until it is disabled; 0: never.',
  },
  {
    name: 'MUSTER_WEBHOOK_KEEP_ATTEMPTS',
    apps: ['api'],
    kind: 'duration',
    default: '336h',
    meaning: 'How long the log of deliveries remembers an attempt; whole days are dropped.',
  },
] as const satisfies readonly Setting[];
