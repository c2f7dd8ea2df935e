import { CheckpointEntity } from './checkpoint.entity.js';
import { EventEntity } from './event.entity.js';
import { NodeEntity } from './node.entity.js';
import { TemplateEntity } from './template.entity.js';
import { VmEntity } from './vm.entity.js';

/** The tables of one projection. */
export const PROJECTION_ENTITIES = [VmEntity, NodeEntity, TemplateEntity, EventEntity, CheckpointEntity];
