import { ApiProperty } from '@nestjs/swagger';

/** USB devices of one group. */
export class DeviceCountDto {
  @ApiProperty({ type: 'integer', minimum: 0 })
  available: number;

  /** Held by instances. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  busy: number;
}
