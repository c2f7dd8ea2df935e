import type { Setting } from './setting.js';

/** The settings of a node agent and its driver. */
export const NODE_SETTINGS = [
  {
    name: 'MUSTER_NODE_ID',
    apps: ['node-agent'],
    kind: 'string',
    meaning:
      'Id of the node; its reports and its desired state carry it. Unset: made once and kept in MUSTER_NODE_DIR.',
  },
  {
    name: 'MUSTER_NODE_DIR',
    apps: ['node-agent'],
    kind: 'path',
    meaning: 'Folder of the agent: its id, epochs, images and VM disks. Unset: `node` in MUSTER_HOME.',
  },
  {
    name: 'MUSTER_NODE_HOST',
    apps: ['node-agent'],
    kind: 'string',
    default: '127.0.0.1',
    meaning: 'Address under which clients reach the VMs of this node.',
  },
  {
    name: 'MUSTER_NODE_CAPACITY',
    apps: ['node-agent'],
    kind: 'integer',
    atLeast: 1,
    atMost: 10_000,
    meaning: 'Most VMs at once on this node. Unset: as many as its cores and memory allow.',
  },
  {
    name: 'MUSTER_NODE_RESERVE',
    apps: ['node-agent'],
    kind: 'integer',
    default: '20',
    atLeast: 0,
    atMost: 95,
    meaning:
      'Percent of the disk that templates leave free: before a pull those leave that were not used for the longest time and that nothing needs. 1 GiB stays free in any case.',
  },
  {
    name: 'MUSTER_HEARTBEAT',
    aliases: ['ANKA_HEARTBEAT'],
    apps: ['node-agent'],
    kind: 'duration',
    default: '5s',
    meaning: 'How often a node gives a sign of life; well below ANKA_NODE_ACTIVE_TIMEOUT.',
  },
  {
    name: 'MUSTER_NODE_USB_DEVICES',
    apps: ['node-agent'],
    kind: 'string',
    meaning:
      'USB devices of the host that VMs may ask for: `id=group`, several with commas. Devices of one group can take each other’s place.',
  },
  {
    name: 'MUSTER_NODE_VLANS',
    apps: ['node-agent'],
    kind: 'string',
    meaning: 'Networks of which VMs on this node can be part, with commas.',
  },
  {
    name: 'MUSTER_NODE_LABELS',
    apps: ['node-agent'],
    kind: 'string',
    meaning: 'What VMs may ask of the host by name: `name=value`, several with commas.',
  },
  {
    name: 'MUSTER_API_URL',
    apps: ['start', 'node-agent'],
    kind: 'url',
    protocols: ['http', 'https'],
    default: 'http://127.0.0.1:8090',
    meaning:
      'The API from which the node pulls images, and to which it uploads saved ones. With ANKA_USE_HTTPS: by the name in its certificate, which NODE_EXTRA_CA_CERTS must vouch for.',
  },
  {
    name: 'MUSTER_DRIVER',
    apps: ['start', 'node-agent'],
    kind: 'enum',
    values: ['qemu', 'simulated'],
    default: 'qemu',
    meaning: 'The hypervisor of the node.',
  },
  {
    name: 'MUSTER_SIMULATED_NODES',
    apps: ['start', 'node-agent'],
    kind: 'integer',
    default: '1',
    atLeast: 1,
    atMost: 10_000,
    meaning: 'How many nodes one agent process plays with the simulated driver.',
  },
  {
    name: 'MUSTER_SIMULATED_BOOT',
    apps: ['node-agent'],
    kind: 'duration',
    default: '2s',
    meaning: 'How long a simulated VM takes to boot.',
  },
  {
    name: 'MUSTER_SIMULATED_FAILURE_RATE',
    apps: ['node-agent'],
    kind: 'fraction',
    default: '0',
    atLeast: 0,
    atMost: 1,
    meaning: 'Share of simulated starts that fail.',
  },
  {
    name: 'MUSTER_SIMULATED_PULL_BYTES_PER_SECOND',
    apps: ['node-agent'],
    kind: 'integer',
    default: '1000000000',
    atLeast: 1,
    atMost: 1e15,
    meaning: 'How fast a simulated node pulls an image.',
  },
] as const satisfies readonly Setting[];
