import { Module } from '@nestjs/common';
import { VmReadsController } from './vm-reads.controller.js';
import { VmsController } from './vms.controller.js';

@Module({ controllers: [VmsController, VmReadsController] })
export class VmsModule {}
