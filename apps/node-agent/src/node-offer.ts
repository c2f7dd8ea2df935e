import type { NodeFacts } from '#domain';

/** What a node has to offer beyond room, as its operator says. */
export type NodeOffer = Pick<NodeFacts, 'usbDevices' | 'vlans' | 'labels'>;

export interface OfferSettings {
  readonly MUSTER_NODE_USB_DEVICES: string | undefined;
  readonly MUSTER_NODE_VLANS: string | undefined;
  readonly MUSTER_NODE_LABELS: string | undefined;
}

/** Reads the lists. What is empty is not offered. Throws for a text that is none; how many and how long is the control plane's to judge. */
export function offerOf(settings: OfferSettings): NodeOffer {
  const devices = pairs('MUSTER_NODE_USB_DEVICES', settings.MUSTER_NODE_USB_DEVICES);
  const vlans = words(settings.MUSTER_NODE_VLANS);
  const labels = pairs('MUSTER_NODE_LABELS', settings.MUSTER_NODE_LABELS);
  return {
    ...(devices.length > 0 && { usbDevices: devices.map(([id, group]) => ({ id, group })) }),
    ...(vlans.length > 0 && { vlans: [...new Set(vlans)] }),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
  };
}

const words = (text = ''): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

function pairs(name: keyof OfferSettings, text: string | undefined): [string, string][] {
  const found = words(text).map((pair): [string, string] => {
    const at = pair.indexOf('=');
    const [left, right] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 0 || left === '' || right === '')
      throw new Error(`Cannot read setting ${name}: "${pair}" must be two words with = between them`);
    return [left, right];
  });
  const twice = found.find(([left], place) => found.findIndex(([other]) => other === left) < place);
  if (twice !== undefined) throw new Error(`Cannot read setting ${name}: it names "${twice[0]}" twice`);
  return found;
}
