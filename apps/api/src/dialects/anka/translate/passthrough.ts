import { scalarOf } from '../dto/lenient.js';
import type { StartVmDto } from '../dto/start-vm.dto.js';
import { macAddressOf } from './claims.js';

/** Fields for hardware that no driver here has. `vnc_password` is not among them: a password must not enter the log. */
const FIELDS = [
  'group',
  'video_controller',
  'hvapic',
  'csr_active_config',
  'network_local',
  'hw_serial',
  'hw_uuid',
  'network_mode',
] as const satisfies readonly (keyof StartVmDto)[];

const DISK_FIELDS = ['size', 'skip_container_resize'] as const;

/** What was asked for and nobody acts on, kept so that nothing asked for is lost; undefined when there is nothing. */
export function passthroughOf(dto: StartVmDto): Record<string, unknown> | undefined {
  const kept: Record<string, unknown> = {};
  for (const field of FIELDS) if (dto[field] !== undefined) kept[field] = dto[field];
  if (dto.mac_address !== undefined && macAddressOf(dto) === undefined) kept.mac_address = dto.mac_address;
  const disk = diskOf(dto.disk ?? {});
  if (Object.keys(disk).length > 0) kept.disk = disk;
  const hostIps = (dto.port_forwarding_override ?? []).flatMap(({ name, host_ip }) =>
    host_ip === undefined ? [] : [{ name, host_ip }],
  );
  if (hostIps.length > 0) kept.port_forwarding_override = hostIps;
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function diskOf(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const field of DISK_FIELDS) {
    const value = scalarOf(raw[field]);
    if (value !== undefined) kept[field] = value;
  }
  return kept;
}
