import { isMacAddress } from '../mac/mac-address.js';
import { MAX_LABEL_LENGTH } from '../limits.js';
import { refuseLabels, refuseNodeTag, refuseResources } from '../node/offer-rules.js';
import type { Refusal } from '../refusal.js';
import { tooLong } from './request-rules.js';
import type { Placement, VmRequest } from './vm.js';

/** Checks what the VM asks of its node beyond room. */
export function refuseClaims(request: VmRequest): Refusal | undefined {
  const { usbDevice, labels, resources, nodeTag, macAddress, vlan } = request;
  return (
    refuseName('usb_device', usbDevice) ??
    refuseLabels(labels) ??
    refuseResources(resources) ??
    (nodeTag === undefined ? undefined : refuseNodeTag('tag', nodeTag)) ??
    refuseMacAddress(macAddress) ??
    refuseName('vlan', vlan)
  );
}

function refuseMacAddress(address: string | undefined): Refusal | undefined {
  if (address === undefined || isMacAddress(address)) return undefined;
  return {
    code: 'INVALID',
    field: 'mac_address',
    message: `is "${address.slice(0, 32)}": must be six hexadecimal pairs with colons`,
  };
}

function refuseName(field: string, name: string | undefined): Refusal | undefined {
  return name === ''
    ? { code: 'INVALID', field, message: 'must not be empty' }
    : tooLong(field, name, MAX_LABEL_LENGTH);
}

/** The address as it is compared. */
export const macKey = ({ macAddress }: VmRequest): string | undefined => macAddress?.toLowerCase();

/** The address that the VM holds in that seat: its own, or the one that it was given. */
export const heldMac = (request: VmRequest, seat: Placement): string | undefined => seat.macAddress ?? macKey(request);
