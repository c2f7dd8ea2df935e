import { type DynamicModule, Module } from '@nestjs/common';
import { NodeWatch } from './control-plane/node-watch.js';
import { HeartbeatController } from './heartbeat.controller.js';

/** What Nest carries of the control plane: the heartbeat door. The loop itself is plain code that `main` starts and stops. */
@Module({})
export class SchedulerModule {
  static with(nodeWatch: NodeWatch): DynamicModule {
    return {
      module: SchedulerModule,
      controllers: [HeartbeatController],
      providers: [{ provide: NodeWatch, useValue: nodeWatch }],
    };
  }
}
