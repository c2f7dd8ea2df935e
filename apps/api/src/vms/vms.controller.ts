import { Controller, Get, Inject, Param } from '@nestjs/common';
import {
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { isId } from '#domain';
import { Needs } from '../auth/needs.controller.js';
import { Explainer } from './explainer.js';
import { ExplanationDto } from './explanation.dto.js';
import { unknownVm } from './unknown-vm.js';

/** VMs as our own API tells of them. */
@ApiTags('vms')
@Controller('api/v2/vms')
export class VmsController {
  constructor(@Inject(Explainer) private readonly explainer: Explainer) {}

  /** Answered by the control plane from its memory, so it knows of everything that the client has read or been told. */
  @Get(':id/explain')
  @Needs('list_vms')
  @ApiOperation({ summary: 'Why the VM waits, or why it is where it is' })
  @ApiOkResponse({ type: ExplanationDto })
  @ApiNotFoundResponse({ description: 'There is no such VM; `asOf` is the last event that this is known from' })
  @ApiServiceUnavailableResponse({ description: 'No control plane answered; ask again after `Retry-After` seconds' })
  async explain(@Param('id') id: string): Promise<ExplanationDto> {
    if (!isId(id)) throw unknownVm(id);
    const { asOf, explanation } = await this.explainer.explain(id);
    if (explanation === undefined) throw unknownVm(id, { asOf });
    return { asOf, ...explanation };
  }
}
