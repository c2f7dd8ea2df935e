import { Controller, Inject, Req } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { isMacAddress, macNumber } from '#domain';
import type { DoorRequest } from '../../shell/request-context.js';
import { MAC_POOL_VIEW, VM_VIEW } from '../../tokens.js';
import type { MacPoolView, VmView } from '../../views/index.js';
import { ANKA_CONFIG, type AnkaConfig } from './anka.config.js';
import { Asking } from './asking.js';
import { checked } from './dto/checked.dto.js';
import { MacQueryDto } from './dto/mac.dto.js';
import { done, ok } from './envelope.js';
import { BadInput, Failure } from './failure.js';
import { Route } from './routes.controller.js';
import { heldOf, type MacEnds, page, sizeOf } from './translate/macs.js';

/** The MAC addresses that instances get. */
@ApiTags('nodes')
@Controller('api/v1')
export class MacController {
  constructor(
    private readonly asking: Asking,
    @Inject(MAC_POOL_VIEW) private readonly pools: MacPoolView,
    @Inject(VM_VIEW) private readonly vms: VmView,
    @Inject(ANKA_CONFIG) private readonly config: AnkaConfig,
  ) {}

  @Route('GET macaddr', 'How many MAC addresses there are, or, with a limit, which', {
    needs: 'get_config',
    list: 'string',
    count: true,
  })
  @ApiQuery({ type: MacQueryDto })
  async read(@Req() request: DoorRequest): Promise<Uint8Array> {
    const { in_use = false, limit, last } = checked(MacQueryDto, request.query);
    if (last !== undefined && !isMacAddress(last)) throw new BadInput('last must be a MAC address');
    const pool = await this.ends();
    if (pool === undefined) return ok(limit === undefined ? 0 : []);
    const held = in_use ? heldOf(pool, await this.vms.list()) : undefined;
    if (limit === undefined) return ok(held?.length ?? sizeOf(pool));
    return ok(page(pool, held, limit, last === undefined ? undefined : macNumber(last)));
  }

  @Route('PUT macaddr', 'Give out the MAC addresses of the configured range', { needs: 'change_config' })
  async fill(@Req() request: DoorRequest): Promise<Uint8Array> {
    const range = this.config.macRange;
    if (range === undefined) throw new Failure(400, 'MAC addresses are not managed: ANKA_MANAGE_MAC_ADDRESSES is off');
    await this.asking.command(request, { type: 'FillMacPool', from: range.from, to: range.to });
    return done();
  }

  @Route('DELETE macaddr', 'Give out no more MAC addresses; instances keep theirs', { needs: 'change_config' })
  async purge(@Req() request: DoorRequest): Promise<Uint8Array> {
    await this.asking.command(request, { type: 'PurgeMacPool' });
    return done();
  }

  private async ends(): Promise<MacEnds | undefined> {
    const pool = (await this.pools.list())[0];
    return pool && { from: macNumber(pool.from), to: macNumber(pool.to) };
  }
}
