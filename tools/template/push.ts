import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import type { DemoTemplate } from './build-demo.js';
import { apiHeaders } from '../launch/api-headers.js';
import { type BlobRef, blobRefOf, type TemplateToPush } from './template-files.js';

/** A disk of many GiB takes its time; a server that says nothing for so long is gone. */
const UPLOAD_TIMEOUT_MS = 3_600_000;
const ASK_TIMEOUT_MS = 30_000;
/** Of the image's digests, what makes its tag: enough to tell two builds apart. */
const TAG_DIGITS = 12;

/** A template as the API knows it now. */
export interface PushedTemplate {
  readonly id: string;
  readonly tag: string;
}

/** Uploads the files that the API lacks, then adds the version. The same push again changes nothing. Throws what the API refused. Acts as root
 * when the environment has the root token. */
export async function push(
  apiUrl: string,
  template: TemplateToPush,
  log: (line: string) => void = ignore,
): Promise<PushedTemplate> {
  const { files, ...rest } = template;
  const blobs: Record<string, BlobRef> = {};
  for (const [part, path] of Object.entries(files)) {
    if (path === undefined) continue;
    blobs[part] = await blobRefOf(path);
    await upload(apiUrl, path, blobs[part], log);
  }
  const response = await fetch(`${apiUrl}/api/v2/templates`, {
    method: 'POST',
    headers: { ...apiHeaders(), 'content-type': 'application/json' },
    body: JSON.stringify({ ...rest, ...blobs }),
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Cannot push template ${template.name}: ${await reasonOf(response)}`);
  const { id } = (await response.json()) as { id: string };
  return { id, tag: template.tag };
}

/** Pushes what the demo builder made in `dir`. Its tag follows from its content, so another build becomes another version. */
export function pushTemplate(apiUrl: string, demo: DemoTemplate, dir: string): Promise<PushedTemplate> {
  const { name, arch, cpu, memoryMiB, cmdline, forwards, files } = demo;
  const tag = `build-${files.disk.digest.slice('sha256:'.length).slice(0, TAG_DIGITS)}`;
  const paths = {
    disk: join(dir, files.disk.file),
    kernel: join(dir, files.kernel.file),
    initrd: join(dir, files.initrd.file),
  };
  return push(apiUrl, { name, tag, arch, cpu, memoryMiB, cmdline, forwards, files: paths });
}

async function upload(apiUrl: string, path: string, blob: BlobRef, log: (line: string) => void): Promise<void> {
  const url = `${apiUrl}/blobs/${blob.digest}`;
  const known = await fetch(url, {
    method: 'HEAD',
    headers: apiHeaders(),
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  });
  if (known.ok) return;
  log(`uploading ${path} (${blob.sizeBytes} bytes)`);
  const response = await fetch(url, {
    method: 'PUT',
    headers: { ...apiHeaders(), 'content-type': 'application/octet-stream' },
    body: await openAsBlob(path),
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Cannot upload ${path}: ${await reasonOf(response)}`);
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  return `HTTP ${response.status} ${text.slice(0, 500)}`;
}

const ignore = (): void => undefined;
