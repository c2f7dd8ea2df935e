import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AnkaModule } from '../dialects/anka/anka.module.js';
import { writeDocument } from './document-file.driver.js';
import { ankaDocument } from './openapi.module.js';

/**
 * `npm run openapi [folder]`: writes the OpenAPI documents, docs/openapi unless told otherwise. Needs the build, where the comments of
 * the DTOs become descriptions, and nothing else: in preview mode no provider is made.
 */
const app = await NestFactory.create(AnkaModule, new FastifyAdapter(), { preview: true, logger: ['error'] });
const path = await writeDocument(process.argv[2] ?? 'docs/openapi', 'anka.json', ankaDocument(app));
console.log(`${path} written`);
