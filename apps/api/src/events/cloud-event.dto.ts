import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** An event as the log has it: CloudEvents 1.0 in JSON. */
export class CloudEventDto {
  @ApiProperty({ enum: ['1.0'] })
  specversion: '1.0';

  @ApiProperty({ description: 'The same on NATS, in webhooks, in the stream and here', example: '6b1f…:0' })
  id: string;

  @ApiProperty({ example: '/muster/control-plane' })
  source: string;

  @ApiProperty({ description: '`muster.<noun>.<Name>`', example: 'muster.vm.VMStarted' })
  type: string;

  @ApiProperty({ description: 'Id of what it is about', example: 'ci-17' })
  subject: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-03-01T10:00:00.000Z' })
  time: string;

  @ApiProperty({ enum: ['application/json'] })
  datacontenttype: 'application/json';

  @ApiPropertyOptional({ description: 'Which version of its type the data are', example: 'urn:muster:VMStarted:1' })
  dataschema?: string;

  @ApiProperty({ type: 'integer', description: 'Its place in the log', example: 4711 })
  sequence: number;

  @ApiProperty({ description: 'The same for everything that follows from one request' })
  correlationid: string;

  @ApiProperty({ description: 'Id of the command that led to it' })
  causationid: string;

  @ApiProperty({ type: 'integer', description: 'Place of that command in the queue of commands' })
  commandsequence: number;

  @ApiPropertyOptional({
    description: 'Name of that command; absent in events of releases before 0.4',
    example: 'StartVM',
  })
  commandtype?: string;

  @ApiProperty({ description: 'Who sent that command', example: 'root' })
  actor: string;

  @ApiPropertyOptional({ description: 'How the sender proved itself, when it came through a door' })
  authmode?: string;

  @ApiPropertyOptional({ description: 'From where the sender came, when it came through a door' })
  clientaddress?: string;

  @ApiPropertyOptional({ description: 'W3C trace context of the request' })
  traceparent?: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What its type says; see docs/events.md' })
  data: object;
}

export class EventPageDto {
  @ApiProperty({ type: () => [CloudEventDto], description: 'Exactly as they are in the log' })
  items: CloudEventDto[];

  @ApiPropertyOptional({ description: '`cursor` of the next page; absent on the last one' })
  next?: string;
}
