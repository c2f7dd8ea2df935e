import { apiHeaders } from './api-headers.js';
import { lookAt, waitFor, type Look } from './wait.js';

/** The API, the control plane behind it and what they replay may take this long to come up. */
const READY_LIMIT_MS = 120_000;
const NODE_LIMIT_MS = 60_000;
/** How long ending every VM may take. */
const END_LIMIT_MS = 180_000;
const REQUEST_LIMIT_MS = 10_000;
/** Requests to end a VM that are under way at the same time. */
const AT_ONCE = 32;
const GONE: readonly string[] = ['Terminated'];

interface Envelope<T> {
  readonly status?: string;
  readonly message?: string;
  readonly body?: T;
}

interface NodeView {
  readonly node_id?: string;
  readonly node_name?: string;
  readonly state?: string;
}

interface VmView {
  readonly instance_id?: string;
  readonly vm?: { readonly instance_state?: string };
}

/** Waits until the API says that it can do its work. */
export async function waitUntilReady(apiUrl: string, signal: AbortSignal): Promise<void> {
  const response = await waitFor('The API is not ready', () => lookAt(`${apiUrl}/readyz`), READY_LIMIT_MS, signal);
  await response.body?.cancel();
}

async function lookForNode(apiUrl: string): Promise<Look<NodeView>> {
  const look = await lookAt(`${apiUrl}/api/v1/node`, apiHeaders());
  if ('notYet' in look) return look;
  const nodes = ((await look.found.json()) as Envelope<NodeView[]>).body ?? [];
  const active = nodes.find((node) => node.state === 'Active');
  if (active !== undefined) return { found: active };
  return {
    notYet: nodes.length === 0 ? 'no node has registered' : `nodes are ${nodes.map((node) => node.state).join(', ')}`,
  };
}

/** Waits until a node can take VMs; gives its name. */
export async function waitUntilNodeActive(apiUrl: string, signal: AbortSignal): Promise<string> {
  const node = await waitFor('No node is active', () => lookForNode(apiUrl), NODE_LIMIT_MS, signal);
  return node.node_name ?? node.node_id ?? 'node';
}

async function call<T>(apiUrl: string, method: string, path: string, body?: unknown): Promise<Envelope<T>> {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    headers: { ...apiHeaders(), 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Envelope<T>;
}

async function livingVms(apiUrl: string): Promise<readonly string[]> {
  const all = (await call<VmView[]>(apiUrl, 'GET', '/api/v1/vm')).body ?? [];
  return all
    .filter((one) => !GONE.includes(one.vm?.instance_state ?? ''))
    .flatMap((one) => (one.instance_id === undefined ? [] : [one.instance_id]));
}

/** Ends every VM of the controller and waits until all are Terminated or gone; gives how many there were. */
export async function endAllVms(apiUrl: string, signal: AbortSignal): Promise<number> {
  const ids = await livingVms(apiUrl);
  for (let done = 0; done < ids.length; done += AT_ONCE) {
    const some = ids.slice(done, done + AT_ONCE);
    await Promise.all(some.map((id) => call(apiUrl, 'DELETE', '/api/v1/vm', { id })));
  }
  const look = async (): Promise<Look<true>> => {
    const left = await livingVms(apiUrl);
    return left.length === 0 ? { found: true } : { notYet: `${left.length} left, one is ${left[0]}` };
  };
  await waitFor('The VMs do not end', look, END_LIMIT_MS, signal);
  return ids.length;
}
