import type { TemplateVersion } from '#domain';
import type { TemplateRow } from '../../../views/index.js';
import type { VmConfigurationDto } from './registry.dto.js';

/** Version of the shape of a configuration, as the vendor's files have it. */
const SHAPE_VERSION = '2.0';

/** One version of a template as the vendor describes the VMs that are made of it. What no driver of ours has is empty. */
export function vmConfigurationOf(row: TemplateRow, version: TemplateVersion): VmConfigurationDto {
  return {
    name: row.name,
    uuid: row.id,
    ram: ramText(version.memoryMiB),
    cpu: { cores: version.cpu },
    hard_drives: [{ file: version.image.disk.digest, controller: 'virtio-blk', pci_slot: 4 }],
    network_cards: [
      {
        mode: 'shared',
        mac_address: '',
        pci_slot: 28,
        port_forwarding_rules: version.forwards.map(({ name, guestPort, hostPort = 0 }) => ({
          rule_name: name,
          guest_port: guestPort,
          host_port: hostPort,
          host_ip: '',
          protocol: 'tcp',
        })),
      },
    ],
    usb: {},
    display: { frame_buffer: { width: 0, height: 0, vnc_ip: '', vnc_port: 0, password: '' } },
    firmware: { type: version.image.kernel === undefined ? 'efi' : 'kernel' },
    nvram: '',
    state_file: '',
    version: SHAPE_VERSION,
  };
}

/** Whole GB as `4G`, anything else as `2560M`. */
const ramText = (memoryMiB: number): string => (memoryMiB % 1024 === 0 ? `${memoryMiB / 1024}G` : `${memoryMiB}M`);
