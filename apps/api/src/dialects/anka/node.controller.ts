import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { DoorRequest } from '../../shell/request-context.js';
import { GROUP_VIEW, NODE_VIEW, TEMPLATE_VIEW, VM_VIEW } from '../../tokens.js';
import { NodeVitals } from '../../vitals/node-vitals.js';
import {
  type GroupView,
  type NodeInUse,
  type NodeView,
  occupiesRoom,
  type TemplateView,
  type VmView,
} from '../../views/index.js';
import { Asking } from './asking.js';
import { ConfigNodeDto, DeleteNodeDto } from './dto/change.dto.js';
import { checked } from './dto/checked.dto.js';
import { NodeDto } from './dto/node.dto.js';
import { done, ok } from './envelope.js';
import { found } from './failure.js';
import { queried, requiredId } from './parameters.js';
import { Route } from './routes.controller.js';
import { needsCounting, nodeOf } from './translate/node.js';
import { toConfigNode } from './translate/to-command.js';

@ApiTags('nodes')
@Controller('api/v1')
export class NodeController {
  constructor(
    private readonly asking: Asking,
    private readonly vitals: NodeVitals,
    @Inject(NODE_VIEW) private readonly nodes: NodeView,
    @Inject(VM_VIEW) private readonly vms: VmView,
    @Inject(TEMPLATE_VIEW) private readonly templates: TemplateView,
    @Inject(GROUP_VIEW) private readonly groups: GroupView,
  ) {}

  @Route('GET node', 'All nodes, or an array with the one of the id', { needs: 'list_nodes', list: NodeDto })
  @ApiQuery({ name: 'id', required: false })
  async read(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = queried(request, 'id');
    if (id === undefined) return ok(await this.shown(await this.nodes.list()));
    return ok(await this.shown([found(await this.nodes.get(id))]));
  }

  @Route('POST node/config', 'Change capacity, drain mode, name or address of a node', { needs: 'change_node_config' })
  @ApiBody({ type: ConfigNodeDto })
  async configure(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = requiredId(request, 'node_id', 'id');
    await this.asking.command(request, toConfigNode(id, checked(ConfigNodeDto, request.body)));
    return done();
  }

  @Route('DELETE node', 'Take a node that is gone out of the fleet', { needs: 'delete_node' })
  @ApiQuery({ name: 'node_id', required: false })
  @ApiBody({ type: DeleteNodeDto, required: false })
  async delete(@Req() request: DoorRequest): Promise<Uint8Array> {
    await this.asking.command(request, { type: 'DeleteNode', nodeId: requiredId(request, 'node_id', 'id') });
    return done();
  }

  @Route('PUT node/update', 'Accepted: agents are upgraded with their hosts', { needs: 'change_node_config' })
  update(): Uint8Array {
    return done();
  }

  private async shown(nodes: readonly NodeInUse[]): Promise<NodeDto[]> {
    const templates = new Map((await this.templates.list()).map((template) => [template.id, template]));
    const groups = await this.groups.list();
    return Promise.all(
      nodes.map(async (node) => {
        const beat = this.vitals.of(node.id);
        return nodeOf(node, { templates, groups, ...(beat && { beat }), alive: await this.alive(node) });
      }),
    );
  }

  /** Only a node whose state depends on it costs a look at its VMs. */
  private async alive(node: NodeInUse): Promise<number> {
    if (!needsCounting(node, this.vitals.of(node.id))) return node.use.vms;
    const seated = (await this.vms.list({ nodeId: node.id })).filter(occupiesRoom);
    return seated.filter(({ phase }) => phase !== 'failed').length;
  }
}
