import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readSettings } from '#events';
import { judgeQcow2, QCOW2_HEADER_BYTES } from '../../apps/node-agent/src/images/qcow2-header.js';
import { localUrl } from '../launch/settings.js';
import { push } from './push.js';
import type { TemplateToPush } from './template-files.js';

const USAGE = `Usage: npm run template -- push <name> <disk.qcow2> [options]
  --tag T           name of the version (default: v1)
  --id ID           of the template, when it is not to follow from its name
  --description D
  --arch A          amd64 or arm64 (default: this machine's)
  --cpu N           vCPUs (default: 1)
  --memory MIB      memory in MiB (default: 1024)
  --kernel FILE --initrd FILE --cmdline LINE    direct kernel boot instead of the firmware's
  --forward NAME:PORT                           guest port to forward, may be repeated (default: ssh:22)
  --api URL         of the API (default: where MUSTER_LISTEN says)
An API with authentication takes it from root: set ANKA_ROOT_TOKEN.`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    tag: { type: 'string', default: 'v1' },
    id: { type: 'string' },
    description: { type: 'string' },
    arch: { type: 'string', default: process.arch === 'arm64' ? 'arm64' : 'amd64' },
    cpu: { type: 'string', default: '1' },
    memory: { type: 'string', default: '1024' },
    kernel: { type: 'string' },
    initrd: { type: 'string' },
    cmdline: { type: 'string' },
    forward: { type: 'string', multiple: true, default: ['ssh:22'] },
    api: { type: 'string' },
  },
});

const [verb, name, disk] = positionals;
if (verb !== 'push' || name === undefined || disk === undefined) {
  console.error(USAGE);
  process.exit(2);
}
try {
  await checkDisk(disk);
  const apiUrl = values.api ?? localUrl(readSettings(process.env, ['MUSTER_LISTEN']).MUSTER_LISTEN);
  const pushed = await push(apiUrl, templateOf(name, disk), (line) => console.error(line));
  console.log(`${name} ${pushed.tag} is template ${pushed.id}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function templateOf(name: string, disk: string): TemplateToPush {
  const { tag, id, description, arch, kernel, initrd, cmdline } = values;
  if (arch !== 'amd64' && arch !== 'arm64') throw new Error(`--arch is ${arch}: must be amd64 or arm64`);
  return {
    name,
    tag,
    arch,
    ...(id !== undefined && { templateId: id }),
    ...(description !== undefined && { description }),
    ...(cmdline !== undefined && { cmdline }),
    cpu: number('--cpu', values.cpu),
    memoryMiB: number('--memory', values.memory),
    forwards: values.forward.map(forwardOf),
    files: { disk, ...(kernel !== undefined && { kernel }), ...(initrd !== undefined && { initrd }) },
  };
}

function forwardOf(text: string): { name: string; guestPort: number } {
  const [name = '', port = ''] = text.split(':');
  return { name, guestPort: number('--forward', port) };
}

function number(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`${option} is "${text}": must be a whole number`);
}

/** The same check that every node makes: better to hear it before gigabytes are on their way. */
async function checkDisk(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(QCOW2_HEADER_BYTES), 0, QCOW2_HEADER_BYTES, 0);
    const verdict = judgeQcow2(buffer.subarray(0, bytesRead));
    if (!verdict.ok) throw new Error(`Cannot push ${path}: ${verdict.problem}`);
  } finally {
    await file.close();
  }
}
