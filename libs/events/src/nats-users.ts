import type { CommandType } from '#domain';
import { COMMANDS } from './catalogue.js';
import { DESIRED_BUCKET, EVENTS_STREAM, token } from './subjects.js';

/** Subjects on which a user may speak, and on which it may listen. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** What a NATS client is to Muster (ADR 0029). */
export type NatsRole =
  /** The API and the control plane: everything. */
  | { readonly role: 'controller' }
  /** The agent of one node; without an id that of any number of nodes, as on a machine that plays a fleet. */
  | { readonly role: 'agent'; readonly nodeId?: string }
  /** Anybody who follows events. */
  | { readonly role: 'reader' }
  /** Somebody who gives commands of these types, or all that doors take. `inbox`: where it hears outcomes; nobody else listens there. */
  | { readonly role: 'commander'; readonly inbox: string; readonly commands?: readonly CommandType[] };

/** A name, a password and what may be done with them. The password is secret. */
export interface NatsUser {
  readonly user: string;
  readonly password: string;
  readonly is: NatsRole;
}

/** Where controllers hear answers. Not the default of NATS clients, on which readers may listen. */
export const CONTROLLER_INBOX = '_INBOX_muster';
/** Where agents hear answers, each below its own token. */
export const agentInbox = (nodeId: string): string => `_INBOX_node.${token(nodeId)}`;

const DESIRED = `KV_${DESIRED_BUCKET}`;

/** What NATS must let a client of this role do, and nothing else. */
export function natsPermissions(is: NatsRole): NatsPermissions {
  switch (is.role) {
    case 'controller':
      return { publish: ['>'], subscribe: ['>'] };
    case 'agent':
      return agentPermissions(is.nodeId);
    case 'reader':
      return READER;
    case 'commander':
      return {
        publish: (is.commands ?? DOOR_COMMANDS).map((type) => `muster.cmd.${COMMANDS[type].noun}.${type}`),
        subscribe: [`${is.inbox}.>`],
      };
  }
}

/** Reports and beats of its own, its own desired state, its own inbox. */
function agentPermissions(nodeId: string | undefined): NatsPermissions {
  const node = nodeId === undefined ? '*' : token(nodeId);
  const value = `$KV.${DESIRED_BUCKET}.${node}`;
  return {
    publish: [
      `muster.rpt.${node}.*`,
      `muster.hb.${node}`,
      `$JS.API.DIRECT.GET.${DESIRED}.${value}`,
      `$JS.API.CONSUMER.CREATE.${DESIRED}.*.${value}`,
      `$JS.API.CONSUMER.MSG.NEXT.${DESIRED}.*`,
    ],
    subscribe: [nodeId === undefined ? '_INBOX_node.>' : `${agentInbox(nodeId)}.>`],
  };
}

/**
 * EVENTS as it is written, its past, and consumers on it: named or not, filtered or not. Both forms of the subject of an
 * acknowledgement, that before nats-server 2.15 and that since. Readers share one inbox, since each may read what the others do.
 */
const READER: NatsPermissions = {
  publish: [
    '$JS.API.INFO',
    `$JS.API.STREAM.INFO.${EVENTS_STREAM}`,
    `$JS.API.STREAM.MSG.GET.${EVENTS_STREAM}`,
    `$JS.API.CONSUMER.CREATE.${EVENTS_STREAM}`,
    `$JS.API.CONSUMER.CREATE.${EVENTS_STREAM}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${EVENTS_STREAM}.*`,
    `$JS.API.CONSUMER.INFO.${EVENTS_STREAM}.*`,
    `$JS.API.CONSUMER.DELETE.${EVENTS_STREAM}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${EVENTS_STREAM}.*`,
    `$JS.ACK.${EVENTS_STREAM}.>`,
    `$JS.ACK.*.*.${EVENTS_STREAM}.>`,
  ],
  subscribe: ['muster.evt.>', '_INBOX.>'],
};

const DOOR_COMMANDS = (Object.keys(COMMANDS) as CommandType[]).filter((type) => COMMANDS[type].origin === 'api');

/**
 * The part of a nats-server's configuration that knows these users, as text. Who gives no credentials is `anonymous`, if that
 * names one of them.
 */
export function natsUsersText(users: readonly NatsUser[], anonymous?: string): string {
  const list = (subjects: readonly string[]): string => `[${subjects.map((one) => JSON.stringify(one)).join(', ')}]`;
  const lines = users.map(({ user, password, is }) => {
    const { publish, subscribe } = natsPermissions(is);
    const may = `permissions: { publish: ${list(publish)}, subscribe: ${list(subscribe)} }`;
    return `    { user: ${JSON.stringify(user)}, password: ${JSON.stringify(password)}, ${may} }`;
  });
  const open = anonymous === undefined ? [] : [`no_auth_user: ${JSON.stringify(anonymous)}`];
  return [...open, 'authorization {', '  users = [', ...lines, '  ]', '}', ''].join('\n');
}
