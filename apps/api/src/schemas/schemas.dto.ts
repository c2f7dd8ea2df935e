import { ApiProperty } from '@nestjs/swagger';

export class SchemaEntryDto {
  @ApiProperty({ description: 'Type of event, or `EventEnvelope`: what is around the data of all of them' })
  type: string;

  @ApiProperty({ description: 'Version of the data of this type, from 1' })
  version: number;

  @ApiProperty({ description: 'As in the attribute `dataschema` of an event', example: 'urn:muster:VMStarted:1' })
  dataschema: string;

  @ApiProperty({ description: 'Where the schema itself is' })
  url: string;
}

export class SchemaListDto {
  @ApiProperty({ type: [SchemaEntryDto] })
  items: SchemaEntryDto[];
}
