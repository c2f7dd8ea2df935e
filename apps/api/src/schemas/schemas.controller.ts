import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { schemaName } from '#events';
import { Needs } from '../auth/needs.controller.js';
import { Problem } from '../shell/problem.js';
import { readSchemaFiles, type SchemaFile } from './schema-files.driver.js';
import { SchemaListDto } from './schemas.dto.js';

/** What events look like. Open to everybody: the schemas say nothing of this installation, and stand in the public repository. */
@ApiTags('events')
@Controller('api/v2/schemas')
export class SchemasController {
  private files: readonly SchemaFile[] | undefined;

  @Get()
  @Needs('open')
  @ApiOperation({ summary: 'The JSON Schemas of all events, in every version' })
  @ApiOkResponse({ type: SchemaListDto })
  list(): SchemaListDto {
    const items = this.all().map(({ type, version }) => ({
      type,
      version,
      dataschema: schemaName(type, version),
      url: `/api/v2/schemas/${type}/${version}`,
    }));
    return { items };
  }

  @Get(':type/:version')
  @Needs('open')
  @Header('content-type', 'application/schema+json; charset=utf-8')
  @ApiOperation({ summary: 'The JSON Schema (2020-12) of the data of one type of event' })
  @ApiOkResponse({ description: 'The schema', content: { 'application/schema+json': { schema: { type: 'object' } } } })
  @ApiNotFoundResponse({ description: 'There is no such type, or not in this version' })
  one(@Param('type') type: string, @Param('version') version: string): string {
    const found = this.all().find((file) => file.type === type && String(file.version) === version);
    if (found !== undefined) return found.text;
    const detail = `No event ${JSON.stringify(type)} has a version ${JSON.stringify(version)}`;
    throw new Problem(404, 'There is no such schema', detail, { code: 'SCHEMA_UNKNOWN' });
  }

  private all(): readonly SchemaFile[] {
    this.files ??= readSchemaFiles();
    return this.files;
  }
}
