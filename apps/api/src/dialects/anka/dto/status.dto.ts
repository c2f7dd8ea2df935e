import { ApiProperty } from '@nestjs/swagger';

/** How busy the controller is. */
export class StatsDto {
  /** Accepted requests for a change per second, over the last minute, of the replica that answers. */
  @ApiProperty({ type: 'number', minimum: 0 })
  tasks_per_second: number;

  /** Seconds that the instances which wait for a node have waited, on average; 0 when none does. */
  @ApiProperty({ type: 'number', minimum: 0 })
  average_queue_time: number;

  /** Instances that wait for a node. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  queue_length: number;
}

/** The state of the controller. */
export class StatusDto {
  @ApiProperty({ enum: ['Running'] })
  status: 'Running';

  /** X.Y.Z-hash: the version of the controller that this one stands in for, and the build. */
  version: string;

  registry_address: string;

  @ApiProperty({ enum: ['Running', 'FAIL'] })
  registry_status: 'Running' | 'FAIL';

  license: string;
}
