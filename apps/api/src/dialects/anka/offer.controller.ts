import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NODE_VIEW, VM_VIEW } from '../../tokens.js';
import type { NodeView, VmView } from '../../views/index.js';
import { DeviceCountDto } from './dto/offer.dto.js';
import { ok } from './envelope.js';
import { Route } from './routes.controller.js';
import { devicesOf, vlansOf } from './translate/offers.js';

/** What the nodes have beyond room. */
@ApiTags('nodes')
@Controller('api/v1')
export class OfferController {
  constructor(
    @Inject(NODE_VIEW) private readonly nodes: NodeView,
    @Inject(VM_VIEW) private readonly vms: VmView,
  ) {}

  @Route('GET usb', 'How many USB devices of each group there are, by the name of the group', {
    needs: 'list_nodes',
    map: DeviceCountDto,
  })
  async usb(): Promise<Uint8Array> {
    return ok(devicesOf(await this.nodes.list(), await this.vms.list()));
  }

  @Route('GET vlan', 'Networks of which instances can be part', { needs: 'list_nodes', list: 'string' })
  async vlans(): Promise<Uint8Array> {
    return ok(vlansOf(await this.nodes.list()));
  }
}
