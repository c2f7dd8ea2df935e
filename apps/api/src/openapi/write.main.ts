import 'reflect-metadata';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Ask } from '../commands/ask.js';
import { AnkaModule } from '../dialects/anka/anka.module.js';
import { ErrorAnswers } from '../shell/error-answers.js';
import { BLOB_STORE, NODE_VIEW, TEMPLATE_VIEW, VM_VIEW } from '../tokens.js';
import { NodeVitals } from '../vitals/node-vitals.js';
import { writeDocument } from './document-file.driver.js';
import { ankaDocument } from './openapi.module.js';

const PORTS = [Ask, ErrorAnswers, NodeVitals, BLOB_STORE, NODE_VIEW, TEMPLATE_VIEW, VM_VIEW];

/** In preview mode Nest makes none of these, but wants to know that they exist. */
@Global()
@Module({ providers: PORTS.map((provide) => ({ provide, useValue: undefined })), exports: PORTS })
class PortsInNameOnly {}

@Module({ imports: [PortsInNameOnly, AnkaModule] })
class Doors {}

/**
 * `npm run openapi [folder]`: writes the OpenAPI documents, to docs/openapi unless told otherwise. Needs the build, where the comments
 * of the DTOs become descriptions, and nothing else.
 */
const app = await NestFactory.create(Doors, new FastifyAdapter(), { preview: true, logger: ['error'] });
const path = await writeDocument(process.argv[2] ?? 'docs/openapi', 'anka.json', ankaDocument(app));
console.log(`${path} written`);
