import type { BlobRef, StartupScript } from '#domain';
import type { StartVmDto } from '../dto/start-vm.dto.js';
import { BadInput } from '../failure.js';

/** Largest startup script, decoded. */
export const MAX_SCRIPT_BYTES = 1024 * 1024;
/** Its base64 text, with room for line breaks. */
export const MAX_SCRIPT_TEXT_LENGTH = MAX_SCRIPT_BYTES * 1.5;
export const DEFAULT_SCRIPT_TIMEOUT_S = 90;

const ON_FAILURE = ['stop', 'keep', 'delete'] as const;

/** The script that the request carries, decoded; undefined when it has none. Throws {@link BadInput}, which never repeats the text. */
export function scriptBytes(dto: StartVmDto): Uint8Array | undefined {
  if (dto.startup_script === undefined) return undefined;
  const text = dto.startup_script.replace(/[\r\n]/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new BadInput('startup_script must be standard base64 with padding');
  }
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length > MAX_SCRIPT_BYTES) {
    throw new BadInput(`startup_script has ${bytes.length} bytes: must have at most ${MAX_SCRIPT_BYTES}`);
  }
  return bytes;
}

/** The script that a save carries, decoded. Throws {@link BadInput} in the vendor's words, before anything has changed. */
export function savedScriptBytes(given: string | undefined): Uint8Array | undefined {
  if (given === undefined) return undefined;
  const text = given.replace(/[\r\n]/g, '');
  const [whole = ''] = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(text) ?? [];
  if (whole.length < text.length)
    throw new BadInput(`illegal base64 data at input byte ${illegalAt(text, whole.length)}`);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length > MAX_SCRIPT_BYTES)
    throw new BadInput(`script has ${bytes.length} bytes: must have at most ${MAX_SCRIPT_BYTES}`);
  return bytes;
}

/** The first byte that is none of the alphabet, or where the last whole group ends. */
function illegalAt(text: string, wholeLength: number): number {
  const strange = text.slice(wholeLength).search(/[^A-Za-z0-9+/]/);
  return strange < 0 ? wholeLength : wholeLength + strange;
}

/** How the stored script is to be run. */
export function startupScript(dto: StartVmDto, stored: BlobRef): StartupScript {
  return {
    digest: stored.digest,
    sizeBytes: stored.sizeBytes,
    when: dto.startup_script_condition === 1 ? 'boot' : 'network',
    monitored: dto.script_monitoring ?? false,
    timeoutMs: (dto.script_timeout || DEFAULT_SCRIPT_TIMEOUT_S) * 1000,
    onFailure: ON_FAILURE[dto.script_fail_handler ?? 0] ?? 'stop',
  };
}
