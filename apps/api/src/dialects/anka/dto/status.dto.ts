import { ApiProperty } from '@nestjs/swagger';

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
