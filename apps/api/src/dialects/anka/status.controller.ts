import { Controller, Inject, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Clock } from '#events';
import { Ask } from '../../commands/ask.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { CLOCK, VM_VIEW } from '../../tokens.js';
import type { VmRow, VmView } from '../../views/index.js';
import { StatsDto, StatusDto } from './dto/status.dto.js';
import { ok } from './envelope.js';
import { RegistryState } from './registry-state.js';
import { Route } from './routes.controller.js';
import { CONTROLLER_VERSION, LICENSE } from './version.js';

@ApiTags('status')
@Controller('api/v1')
export class StatusController {
  constructor(
    private readonly ask: Ask,
    private readonly registry: RegistryState,
    @Inject(VM_VIEW) private readonly vms: VmView,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Route('GET status', 'State and version of the controller', { needs: 'any', object: StatusDto })
  status(@Req() request: DoorRequest): Uint8Array {
    const status: StatusDto = {
      status: 'Running',
      version: CONTROLLER_VERSION,
      registry_address: this.registry.addressFor(request),
      registry_status: this.registry.isRunning ? 'Running' : 'FAIL',
      license: LICENSE,
    };
    return ok(status);
  }

  @Route('GET stats', 'How busy the controller is', { needs: 'any', object: StatsDto })
  async stats(): Promise<Uint8Array> {
    const now = this.clock.now();
    const waits = (await this.vms.list({ phase: 'pending' })).map((row) => Math.max(0, now - waitsSince(row)));
    const totalMs = waits.reduce((sum, wait) => sum + wait, 0);
    const stats: StatsDto = {
      tasks_per_second: rounded(this.ask.accepted.perSecond()),
      average_queue_time: waits.length === 0 ? 0 : rounded(totalMs / waits.length / 1000),
      queue_length: waits.length,
    };
    return ok(stats);
  }
}

/** A VM whose start failed somewhere waits anew. */
const waitsSince = ({ createdAt, attempts }: VmRow): number => attempts.at(-1)?.at ?? createdAt;

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
