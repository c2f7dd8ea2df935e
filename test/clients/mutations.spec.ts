import { describe, expect, it } from '@jest/globals';
import { CLIENTS, type ClientName, stumblingOver } from './clients.js';
import type { AnswerName, Reads } from './parts/answers.js';
import { set, spoilt } from './parts/mutation.js';
import { isRecorded, recorded } from './parts/recorded.js';

const NAMES = [...new Set(Object.values(CLIENTS).flatMap((reads: Reads) => Object.keys(reads) as AnswerName[]))].filter(
  isRecorded,
);

describe('what the product answers today', () => {
  it.each(NAMES)('every client that reads %s goes on', (name) => {
    expect(stumblingOver(name, recorded(name))).toEqual([]);
  });
});

type Row = readonly [change: string, answer: AnswerName, path: string, value: unknown, ...clients: ClientName[]];
const GONE = undefined;

/** What each rule of anka.md §3 is there for: the change that breaks it, and the clients that would come to grief. */
const RULES: Readonly<Record<string, readonly Row[]>> = {
  'the wrapper of a list': [
    ['no vm', 'instances', 'body.0.vm', null, 'Jenkins', 'TeamCity', 'GitLab', 'exporter', 'Cirrus', 'mgmtcl'],
    ['no instance_id', 'instances', 'body.0.instance_id', GONE, 'Jenkins', 'TeamCity', 'actions', 'Cirrus'],
    ['no external_id outside', 'instances', 'body.0.external_id', GONE, 'actions', 'Azure'],
    ['no external_id inside', 'instances', 'body.0.vm.external_id', GONE, 'GitLab'],
    ['no name outside', 'instances', 'body.2.name', GONE, 'Azure'],
  ],
  'what an instance leaves out': [
    ['vminfo null', 'instance scheduling', 'body.vminfo', null, 'Jenkins', 'TeamCity', 'Cirrus'],
    ['vminfo null in the list', 'instances', 'body.2.vm.vminfo', null, 'Jenkins', 'TeamCity', 'Cirrus', 'mgmtcl'],
    ['external_id null', 'instance scheduling', 'body.external_id', null, 'Jenkins', 'TeamCity'],
    ['group_id null', 'instance scheduling', 'body.group_id', null, 'Jenkins', 'TeamCity'],
    ['message null', 'instance scheduling', 'body.message', null, 'Jenkins', 'TeamCity'],
    [
      'no state',
      'instance scheduling',
      'body.instance_state',
      GONE,
      'Jenkins',
      'TeamCity',
      'GitLab',
      'actions',
      'mcp',
      'Harness',
      'old runner',
      'Cirrus',
    ],
    ['no vmid', 'instances', 'body.0.vm.vmid', GONE, 'Jenkins', 'TeamCity', 'Cirrus'],
    ['another architecture', 'instances', 'body.0.vm.arch', 'x86_64', 'exporter'],
    [
      'a state of another case',
      'instance pulling',
      'body.instance_state',
      'pulling',
      'GitLab',
      'actions',
      'mcp',
      'Harness',
      'old runner',
    ],
  ],
  vminfo: [
    ['no name', 'instance failed', 'body.vminfo.name', GONE, 'Jenkins', 'TeamCity', 'Cirrus'],
    ['no uuid', 'instance started', 'body.vminfo.uuid', GONE, 'Jenkins', 'TeamCity', 'Cirrus'],
    ['no node_id', 'instance started', 'body.vminfo.node_id', GONE, 'old runner', 'Cirrus'],
    ['no host_ip', 'instance started', 'body.vminfo.host_ip', '', 'Jenkins', 'TeamCity', 'mcp', 'Harness', 'Azure'],
    ['a status of another word', 'instance started', 'body.vminfo.status', 'Started', 'mcp'],
    [
      'a port as text',
      'instance started',
      'body.vminfo.port_forwarding.0.guest_port',
      '22',
      'GitLab',
      'mcp',
      'Harness',
      'old runner',
    ],
    ['another protocol', 'instance started', 'body.vminfo.port_forwarding.0.protocol', 'TCP', 'GitLab'],
    [
      'no rules',
      'instance started',
      'body.vminfo.port_forwarding',
      [],
      'TeamCity',
      'GitLab',
      'mcp',
      'Harness',
      'old runner',
    ],
    ['a VNC port that is none', 'instance started', 'body.vminfo.vnc_port', '', 'Harness', 'old runner'],
  ],
  startup_script: [
    ['no result', 'instance failed', 'body.startup_script', GONE, 'actions'],
    ['no stderr', 'instance failed', 'body.startup_script.stderr', GONE, 'actions'],
    ['another message', 'instance failed', 'body.message', 'the script failed', 'actions'],
  ],
  'the node': [
    ['a fraction', 'nodes', 'body.0.ram', 31.5, 'exporter', 'old runner'],
    ['less than nothing', 'nodes', 'body.0.free_disk_space', -1, 'exporter', 'old runner'],
    ['an architecture of another name', 'nodes', 'body.0.host_arch', 'aarch64', 'exporter'],
    ['no architecture', 'nodes', 'body.0.host_arch', GONE, 'exporter'],
    ['percent', 'nodes', 'body.0.cpu_util', 12, 'exporter'],
    ['no address', 'nodes', 'body.0.ip_address', GONE, 'GitLab', 'Cirrus'],
    ['a state of another word', 'nodes', 'body.0.state', 'Online', 'Jenkins'],
    [
      'no array for one node',
      'nodes',
      'body',
      {},
      'Jenkins',
      'GitLab',
      'exporter',
      'old runner',
      'Cirrus',
      'mgmtcl',
      'cloud-connect',
    ],
  ],
  'the versions of a template': [
    ['no tag', 'template', 'body.versions.0.tag', GONE, 'Jenkins', 'exporter', 'mcp', 'Cirrus'],
    ['no versions', 'template', 'body.versions', GONE, 'Jenkins', 'Cirrus'],
    ['a size as text', 'template', 'body.versions.0.size', '1', 'exporter'],
    ['no name', 'templates', 'body.0.name', GONE, 'Jenkins', 'Cirrus'],
    ['no id in the short list', 'template names', 'body.0.id', 7, 'GitLab'],
  ],
  'a group': [
    ['description null', 'groups', 'body.0.description', null, 'Jenkins'],
    ['no description', 'groups', 'body.0.description', GONE, 'Jenkins'],
    ['no name', 'groups', 'body.1.name', GONE, 'Jenkins'],
    ['a fallback that is a group', 'groups', 'body.1.fallback_group_id', {}, 'old runner'],
    ['no list of them', 'groups', 'body', null, 'Jenkins'],
    ['names for the groups of a node', 'nodes in groups', 'body.0.groups', ['ios'], 'exporter', 'old runner'],
  ],
  'the rows of a distribution': [
    ['none for the node yet', 'distribution', 'body.distribute_status', {}, 'cloud-connect'],
    ['no status', 'distribution', 'body.distribute_status.mac-01.status', GONE, 'cloud-connect'],
    ['a status in words', 'distribution', 'body.distribute_status.mac-01.status', 'pulling', 'cloud-connect'],
    ['an empty object as error', 'distribution', 'body.distribute_status.mac-01.error', {}, 'cloud-connect'],
    ['no body', 'distribution', 'body', null, 'cloud-connect'],
    ['no id of the request', 'distribution begun', 'body.request_id', GONE, 'cloud-connect'],
  ],
  'the disk of the registry': [
    ['an unknown size', 'disk', 'body.total', null, 'exporter'],
    ['less than nothing', 'disk', 'body.free', -1, 'exporter'],
  ],
  'a request to save an image': [
    ['no id of the request', 'image request', 'body.request_id', GONE, 'Jenkins'],
    ['no body', 'image request', 'body', null, 'Jenkins'],
    ['a status of another word', 'image requests', 'body.status', 'saved', 'Jenkins'],
    ['no status', 'image requests', 'body.status', GONE, 'Jenkins'],
    ['a list for one request', 'image requests', 'body', [], 'Jenkins'],
  ],
  times: [
    ['an empty time', 'instance started', 'body.vminfo.stop_date', '', 'Harness'],
    ['unix seconds', 'instance started', 'body.ts', 1772359200, 'Harness', 'old runner'],
    ['no T', 'instances', 'body.0.vm.ts', '2026-03-01 10:00:00', 'exporter', 'Harness', 'old runner'],
    ['no creation time', 'instances', 'body.0.vm.cr_time', GONE, 'Jenkins', 'TeamCity', 'exporter'],
  ],
  progress: [
    ['percent', 'instance pulling', 'body.progress', 50.5, 'actions'],
    ['a fraction while nothing is pulled', 'instances', 'body.0.vm.progress', 0.5, 'Harness'],
  ],
  'lists are never null': [
    ['no instances', 'no instances', 'body', null, 'Jenkins', 'Cirrus', 'mgmtcl'],
    ['no body', 'no instances', 'body', GONE, 'Jenkins', 'Cirrus'],
    [
      'no ids',
      'started ids',
      'body',
      [],
      'Jenkins',
      'GitLab',
      'actions',
      'mcp',
      'Harness',
      'old runner',
      'Cirrus',
      'Azure',
    ],
    ['no nodes', 'nodes', 'body', null, 'Jenkins', 'GitLab', 'old runner', 'Cirrus', 'mgmtcl', 'cloud-connect'],
  ],
  'the envelope': [
    [
      'another word for success',
      'started ids',
      'status',
      'ok',
      'Jenkins',
      'GitLab',
      'actions',
      'mcp',
      'old runner',
      'Cirrus',
      'Azure',
    ],
    ['another word for not found', 'unknown instance', 'message', 'not found', 'mgmtcl', 'Azure'],
    ['another word for an unknown tag', 'unknown tag', 'message', 'Tag v9 not found', 'Jenkins', 'TeamCity'],
    ['no licence', 'status', 'body.license', '', 'Harness'],
    ['no address of a registry', 'status', 'body.registry_address', GONE, 'TeamCity', 'Harness', 'cloud-connect'],
  ],
};

describe.each(Object.entries(RULES))('%s', (_, rows) => {
  it.each(rows)('%s', (_, answer, path, value, ...clients) => {
    const stumbling = stumblingOver(answer, spoilt(recorded(answer), set(path, value)));
    expect(stumbling).not.toEqual([]);
    expect(stumbling).toEqual(clients);
  });
});

describe('the code of an answer', () => {
  const as = (name: AnswerName, code: number) => stumblingOver(name, { ...recorded(name), code });

  it.each<[string, AnswerName, number, ClientName[]]>([
    ['201 for a start', 'started ids', 201, ['Jenkins', 'GitLab', 'Cirrus', 'Azure']],
    ['200 for an unknown template', 'unknown template', 200, ['Harness']],
    ['400 for an unknown tag', 'unknown tag', 400, ['Jenkins', 'TeamCity']],
    ['404 for an unknown instance', 'unknown instance', 404, ['Jenkins', 'Cirrus', 'mgmtcl', 'Azure']],
  ])('%s', (_, name, code, clients) => expect(as(name, code)).toEqual(clients));
});
