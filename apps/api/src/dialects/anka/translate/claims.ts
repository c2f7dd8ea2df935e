import { isMacAddress, type VmRequest } from '#domain';
import type { StartVmDto } from '../dto/start-vm.dto.js';

/** What the instance asks of its node and its network. Whether any node can give it is the control plane's to say. */
export function claimsOf(dto: StartVmDto): Pick<VmRequest, 'usbDevice' | 'macAddress' | 'vlan'> {
  const [usbDevice, macAddress, vlan] = [textOf(dto.usb_device), macAddressOf(dto), textOf(dto.vlan_tag)];
  return {
    ...(usbDevice !== undefined && { usbDevice }),
    ...(macAddress !== undefined && { macAddress }),
    ...(vlan !== undefined && { vlan }),
  };
}

/** As this dialect writes it; undefined when it is none. */
export function macAddressOf({ mac_address: given }: StartVmDto): string | undefined {
  return typeof given === 'string' && isMacAddress(given) ? given.toUpperCase() : undefined;
}

/** Location ids and VLAN numbers come as numbers from some clients. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
