import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiQuery, ApiTags } from '@nestjs/swagger';
import { derivedId } from '../../commands/command-id.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { DISTRIBUTION_VIEW, GROUP_VIEW, NODE_VIEW } from '../../tokens.js';
import type { DistributionView, GroupView, NodeView } from '../../views/index.js';
import { Asking } from './asking.js';
import { checked } from './dto/checked.dto.js';
import {
  DistributeDto,
  DistributionDto,
  DistributionPartDto,
  DistributionRequestDto,
  RemovedTemplateDto,
  RemoveTemplateDto,
} from './dto/distribution.dto.js';
import { done, ok } from './envelope.js';
import { found } from './failure.js';
import { groupIdOf } from './groups-by-name.js';
import { queried, requiredId } from './parameters.js';
import { Route } from './routes.controller.js';
import { distributionOf } from './translate/distribution.js';

/** Which templates nodes hold before anybody asks for an instance there. */
@ApiTags('registry')
@Controller('api/v1')
export class DistributionController {
  constructor(
    private readonly asking: Asking,
    @Inject(DISTRIBUTION_VIEW) private readonly distributions: DistributionView,
    @Inject(GROUP_VIEW) private readonly groups: GroupView,
    @Inject(NODE_VIEW) private readonly nodes: NodeView,
  ) {}

  @Route('POST registry/vm/distribute', 'Bring a template to nodes before anybody asks for an instance of it', {
    needs: 'registry_distribute',
    object: DistributionRequestDto,
  })
  @ApiBody({ type: DistributeDto })
  async distribute(@Req() request: DoorRequest): Promise<Uint8Array> {
    const { template_id: templateId, tag, version, node_ids, group_id } = checked(DistributeDto, request.body);
    const commandId = this.asking.commandIdFor(request);
    const distributionId = derivedId(commandId, 0);
    const command = {
      ...({ type: 'DistributeTemplateToNodes', distributionId, templateId } as const),
      ...(tag !== undefined && { tag }),
      ...(version !== undefined && { version }),
      ...(node_ids !== undefined && { nodeIds: node_ids }),
      ...(group_id !== undefined && { groupId: await groupIdOf(this.groups, group_id) }),
    };
    await this.asking.command(request, command, 'start', commandId);
    return ok({ request_id: distributionId });
  }

  @Route('GET registry/vm/distribute', 'All requests to bring templates to nodes, or the one with the id', {
    needs: 'registry_distribute_status',
    object: DistributionDto,
    list: DistributionDto,
  })
  @ApiExtraModels(DistributionPartDto)
  @ApiQuery({ name: 'id', required: false })
  async read(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = queried(request, 'id');
    if (id === undefined) return ok((await this.distributions.list()).map(distributionOf));
    return ok(distributionOf(found(await this.distributions.get(id))));
  }

  @Route('DELETE registry/vm/distribute', 'End what has not ended of such a request', { needs: 'registry_distribute' })
  @ApiQuery({ name: 'id' })
  async cancel(@Req() request: DoorRequest): Promise<Uint8Array> {
    await this.asking.command(request, { type: 'CancelDistribution', distributionId: requiredId(request, 'id') });
    return done();
  }

  @Route('DELETE registry/vm/remove', 'Have nodes drop a template from their caches; the registry keeps it', {
    needs: 'registry_delete',
    object: RemovedTemplateDto,
  })
  @ApiQuery({ name: 'id' })
  @ApiBody({ type: RemoveTemplateDto, required: false })
  async remove(@Req() request: DoorRequest): Promise<Uint8Array> {
    const templateId = requiredId(request, 'id');
    const { node_ids: nodeIds } = checked(RemoveTemplateDto, request.body);
    const holders = await this.holdersOf(request, templateId, nodeIds);
    await this.asking.command(request, {
      ...({ type: 'RemoveTemplateFromNodes', templateId } as const),
      ...(nodeIds !== undefined && { nodeIds }),
    });
    return ok({ requests_sent: holders.length, node_ids: holders } satisfies RemovedTemplateDto);
  }

  /** Those of the nodes, or of all that the caller may tell to drop templates, that have some version of the template. */
  private async holdersOf(request: DoorRequest, templateId: string, nodeIds?: readonly string[]): Promise<string[]> {
    const { reach } = request.muster;
    const meant = nodeIds && new Set(nodeIds);
    return (await this.nodes.list())
      .filter(({ id }) => reach === undefined || reach.may({ type: 'node', id, permission: 'delete_template' }))
      .filter(({ id, cached }) => meant?.has(id) !== false && cached.some((held) => held.templateId === templateId))
      .map(({ id }) => id);
  }
}
