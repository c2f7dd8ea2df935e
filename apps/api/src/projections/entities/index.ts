import { KINDS } from '../kinds.js';
import { tableName } from '../tables.postgres.js';
import { CheckpointEntity } from './checkpoint.entity.js';
import { NodeEntity } from './node.entity.js';
import { smallTable } from './small-table.entity.js';
import { TemplateEntity } from './template.entity.js';
import { VmEntity } from './vm.entity.js';

/** Kinds with more in their tables than the document. */
const LARGE = { vm: VmEntity, node: NodeEntity, template: TemplateEntity };
const SMALL = KINDS.filter((kind) => !Object.hasOwn(LARGE, kind)).map((kind) => smallTable(tableName(kind)));

/** The tables of one projection. */
export const PROJECTION_ENTITIES = [...Object.values(LARGE), ...SMALL, CheckpointEntity];
