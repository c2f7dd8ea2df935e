import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { BlobStore } from '../../blobs/blob-store.js';
import { derivedId } from '../../commands/command-id.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { BLOB_STORE, GROUP_VIEW, VM_VIEW } from '../../tokens.js';
import { NodeVitals } from '../../vitals/node-vitals.js';
import type { GroupView, VmView } from '../../views/index.js';
import { Asking } from './asking.js';
import { DeleteVmDto, RestartVmDto, UpdateVmDto } from './dto/change.dto.js';
import { checked } from './dto/checked.dto.js';
import { InstanceDto, ListedInstanceDto } from './dto/instance.dto.js';
import { StartVmDto } from './dto/start-vm.dto.js';
import { done, listed, ok } from './envelope.js';
import { found } from './failure.js';
import { groupIdOf } from './groups-by-name.js';
import { queried, requiredId } from './parameters.js';
import { RegistryState } from './registry-state.js';
import { Route } from './routes.controller.js';
import { listedInstanceOf, type Moment, singleInstanceOf } from './translate/instance.js';
import { InstanceBytes } from './translate/instance-bytes.js';
import { scriptBytes } from './translate/script.js';
import { toStartVm, toUpdateVm } from './translate/to-command.js';

@ApiTags('instances')
@Controller('api/v1')
export class VmController {
  private readonly elements = new InstanceBytes((row, moment) =>
    Buffer.from(JSON.stringify(listedInstanceOf(row, moment))),
  );
  private readonly singles = new InstanceBytes((row, moment) => ok(singleInstanceOf(row, moment)));

  constructor(
    private readonly asking: Asking,
    private readonly vitals: NodeVitals,
    private readonly registry: RegistryState,
    @Inject(VM_VIEW) private readonly vms: VmView,
    @Inject(GROUP_VIEW) private readonly groups: GroupView,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  @Route('POST vm', 'Start instances from a template; answers their ids', { needs: 'start_vm', list: 'string' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is the same request' })
  @ApiBody({ type: StartVmDto })
  async start(@Req() request: DoorRequest): Promise<Uint8Array> {
    const dto = checked(StartVmDto, request.body);
    if (dto.group_id !== undefined) dto.group_id = await groupIdOf(this.groups, dto.group_id);
    const script = scriptBytes(dto);
    const commandId = this.asking.commandIdFor(request);
    const vmIds = Array.from({ length: dto.count ?? 1 }, (_, n) => derivedId(commandId, n));
    const stored = script && (await this.blobs.put(script));
    await this.asking.command(request, toStartVm(dto, vmIds, stored), 'start', commandId);
    return ok(vmIds);
  }

  @Route('GET vm', 'All instances, or the one with the id', {
    needs: 'list_vms',
    object: InstanceDto,
    list: ListedInstanceDto,
  })
  @ApiQuery({ name: 'id', required: false })
  async read(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = queried(request, 'id');
    const moment = this.momentOf(request);
    if (id === undefined) return listed((await this.vms.list()).map((row) => this.elements.of(row, moment)));
    return this.singles.of(found(await this.vms.get(id)), moment);
  }

  @Route('PUT vm', 'Change name, external id or metadata of an instance', { needs: 'start_vm' })
  @ApiQuery({ name: 'id' })
  @ApiBody({ type: UpdateVmDto })
  async update(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = requiredId(request, 'id');
    await this.asking.command(request, toUpdateVm(id, checked(UpdateVmDto, request.body)));
    return done();
  }

  @Route('DELETE vm', 'End an instance for good', { needs: 'terminate_vm' })
  @ApiQuery({ name: 'id', required: false })
  @ApiBody({ type: DeleteVmDto, required: false })
  async delete(@Req() request: DoorRequest): Promise<Uint8Array> {
    await this.asking.command(request, { type: 'TerminateVM', vmId: requiredId(request, 'id') });
    return done();
  }

  @Route('POST rpc/vm/restart', 'Stop an instance by force and start it again', { needs: 'start_vm' })
  @ApiQuery({ name: 'id', required: false })
  @ApiBody({ type: RestartVmDto, required: false })
  async restart(@Req() request: DoorRequest): Promise<Uint8Array> {
    await this.asking.command(request, { type: 'RestartVM', vmId: requiredId(request, 'instance_id', 'id') });
    return done();
  }

  private momentOf(request: DoorRequest): Moment {
    return {
      registry: this.registry.addressFor(request),
      pullProgress: (vmId) => this.vitals.pullProgress(vmId),
      heardAt: (nodeId) => this.vitals.of(nodeId)?.heardAt,
    };
  }
}
