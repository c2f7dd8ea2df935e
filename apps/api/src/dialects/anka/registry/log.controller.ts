import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { DoorRequest } from '../../../shell/request-context.js';
import { CENTRAL_LOG } from '../../../tokens.js';
import { type CentralLog, isServiceName, TooManyServices } from '../central-log/central-log.js';
import { checked } from '../dto/checked.dto.js';
import { doneWithNull } from '../envelope.js';
import { BadInput } from '../failure.js';
import { SendLogDto } from './send-log.dto.js';
import { RegistryRoute } from './registry-route.controller.js';

/** Takes log lines of agents and other services, to have them in one place. */
@ApiTags('logs')
@Controller()
export class RegistryLogController {
  constructor(@Inject(CENTRAL_LOG) private readonly logs: CentralLog) {}

  @RegistryRoute('POST log', 'Add lines to the central log of a service', { needs: 'send_log' })
  @ApiBody({ type: SendLogDto })
  async send(@Req() request: DoorRequest): Promise<Uint8Array> {
    const { service, content, machine_name: machineName, host } = checked(SendLogDto, request.body);
    if (!isServiceName(service))
      throw new BadInput(
        'service must begin with a letter or digit and have only letters, digits, _, - and single spaces',
      );
    const from = { ...(machineName !== undefined && { machineName }), ...(host !== undefined && { host }) };
    if (content !== undefined)
      await this.logs.append({ service, content, ...from }).catch((error: unknown) => {
        throw error instanceof TooManyServices ? new BadInput(error.message) : error;
      });
    return doneWithNull();
  }
}
