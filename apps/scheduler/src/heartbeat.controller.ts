import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { HEARTBEAT_SUBJECTS, type Heartbeat } from '#events';
import { NodeWatch } from './control-plane/node-watch.js';

/** Hears the nodes' signs of life on core NATS. Anything that is no heartbeat is not heard. */
@Controller()
export class HeartbeatController {
  constructor(private readonly nodeWatch: NodeWatch) {}

  @EventPattern(HEARTBEAT_SUBJECTS)
  beat(@Payload() beat: Partial<Heartbeat> | undefined): void {
    if (typeof beat?.nodeId === 'string') this.nodeWatch.beat(beat.nodeId);
  }
}
