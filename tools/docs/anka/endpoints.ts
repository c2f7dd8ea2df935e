/** One endpoint that clients of Anka Build Cloud know (anka.md §2), in our own words. */
export interface Endpoint {
  /** `registry`: on the registry's own port. */
  readonly door: 'controller' | 'registry';
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{x}` stands for any one part. */
  readonly path: string;
  readonly does: string;
  readonly note?: string;
}

type Row = readonly [verbAndPath: string, does: string, note?: string];

const endpoints = (door: Endpoint['door'], prefix: string, rows: readonly Row[]): readonly Endpoint[] =>
  rows.map(([verbAndPath, does, note]) => {
    const [method, path] = verbAndPath.split(' ') as [Endpoint['method'], string];
    return { door, method, path: `${prefix}${path}`, does, ...(note !== undefined && { note }) };
  });

const api = (rows: readonly Row[]) => endpoints('controller', '/api/v1', rows);
const root = (rows: readonly Row[]) => endpoints('controller', '', rows);

const STATUS = [
  ...api([
    ['GET /status', 'State, version, licence and registry', 'the licence is always `enterprise plus`'],
    ['GET /stats', 'How busy the controller is'],
  ]),
  ...root([
    ['GET /livez', 'Whether the process lives'],
    ['GET /readyz', 'Whether it can serve; names the part that is away'],
  ]),
];

const INSTANCES = api([
  [
    'POST /vm',
    'Start instances',
    'what a driver cannot honour is kept and ignored; an `Idempotency-Key` makes repetition safe',
  ],
  ['GET /vm', 'All instances, or one', 'the one also lists starts that failed before'],
  ['PUT /vm', 'Name, external id, metadata', 'keys of metadata are merged'],
  ['DELETE /vm', 'End an instance', 'again and again: the same answer'],
  ['POST /rpc/vm/restart', 'Stop by force and start again', 'takes `instance_id` or `id`'],
]);

const NODES = api([
  ['GET /node', 'All nodes, or an array with one'],
  ['POST /node/config', 'Capacity, drain mode, name, address'],
  ['DELETE /node', 'Take a node out of the fleet', 'joins again when its agent begins anew'],
  ['PUT /node/update', 'Upgrade all agents', 'accepted: agents are upgraded with their hosts'],
  ['POST /node/group', 'Put nodes into groups', 'all of them, not only the first'],
  ['DELETE /node/group', 'Take nodes out of groups', 'all of them, not only the first'],
]);

const TEMPLATES = api([
  ['GET /registry/vm', 'All templates, or one with its versions', '`apiVer=v1`: ids and names'],
  ['DELETE /registry/vm', 'Delete a template'],
  ['DELETE /registry/revert', 'Delete a version and all newer ones'],
  ['DELETE /registry/vm/remove', 'Have nodes drop a template'],
  ['POST /registry/vm/distribute', 'Bring a template to nodes'],
  ['GET /registry/vm/distribute', 'How far that is'],
  ['DELETE /registry/vm/distribute', 'Cancel it'],
  ['GET /registry/disk', 'Room of the registry'],
]);

const IMAGES = api([
  ['POST /image', 'Save an instance as a version of a template'],
  ['GET /image', 'How far that is'],
]);

const GROUPS = api([
  ['GET /group', 'All groups'],
  ['POST /group', 'Make a group'],
  ['PUT /group', 'Change a group'],
  ['DELETE /group', 'Delete a group', 'nodes and other groups let go of it'],
]);

const OFFERS = api([
  ['GET /usb', 'USB devices, free and in use, by group'],
  ['GET /macaddr', 'MAC addresses, counted or listed'],
  ['PUT /macaddr', 'Fill the pool of MAC addresses'],
  ['DELETE /macaddr', 'Empty the pool'],
  ['GET /vlan', 'VLANs that nodes offer'],
]);

const KEYS = api([
  ['GET /apikey', 'All API keys, or one'],
  ['POST /apikey', 'Make a key', 'the private key is shown once and not kept'],
  ['PUT /apikey', 'Change groups or life of a key', 'at once, for open sessions too'],
  ['DELETE /apikey', 'Revoke a key'],
]);

const permissions = (prefix: string) =>
  endpoints('controller', prefix, [
    ['GET /resources/permissions', 'What can be permitted for nodes and templates'],
    ['GET /group/{group}/resources', 'What a permission group may touch'],
    ['POST /group/{group}/resources', 'Set that', 'answers `Saved`'],
  ]);

const LOGINS = root([
  ['GET /config/v1/auth', 'How to log in with OpenID'],
  ['POST /tap/v1/hand', 'A challenge for the owner of an API key', 'bare text'],
  ['POST /tap/v1/shake', 'A session for the answer', 'bare JSON'],
]);

const REGISTRY = endpoints('registry', '', [
  ['GET /registry/status', 'State and version'],
  ['GET /registry/vm', 'All templates as `{id: name}`, or one with its versions'],
  ['GET /registry/v2/vm', 'All templates, or one with its versions'],
  ['DELETE /registry/vm', 'Delete a template'],
  ['GET /registry/vm/info', 'Hardware of a version'],
  ['DELETE /registry/revert', 'Delete a version and all newer ones'],
  ['PUT /registry/vm/arch', 'Set the architecture of a template'],
  ['GET /registry/disk', 'Room of the registry'],
  ['GET /v1/apikey', 'API keys of the registry'],
  ['POST /v1/apikey', 'Make one'],
  ['PUT /v1/apikey', 'Change one'],
  ['DELETE /v1/apikey', 'Revoke one'],
  ['POST /log', 'Lines for the central logs'],
  ['GET /livez', 'Whether the process lives'],
  ['GET /readyz', 'Whether it can serve'],
]);

/** All endpoints, by the heading under which they are shown. */
export const ENDPOINTS: readonly (readonly [heading: string, endpoints: readonly Endpoint[]])[] = [
  ['Status and health', STATUS],
  ['Instances', INSTANCES],
  ['Nodes', NODES],
  ['Templates', TEMPLATES],
  ['Saving images', IMAGES],
  ['Node groups', GROUPS],
  ['USB, MAC addresses, VLANs', OFFERS],
  ['API keys', KEYS],
  ['Permissions of groups', [...permissions('/admin/api/v1/permission'), ...permissions('/admin/v1/api/permission')]],
  ['Log-in', LOGINS],
  ["The registry's own port", REGISTRY],
];
