import { Module } from '@nestjs/common';
import { VmsController } from './vms.controller.js';

@Module({ controllers: [VmsController] })
export class VmsModule {}
