import 'reflect-metadata';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AUTH } from '../auth/auth.js';
import { Ask } from '../commands/ask.js';
import { AnkaModule } from '../dialects/anka/anka.module.js';
import { AnkaRegistryModule } from '../dialects/anka/registry/registry.module.js';
import { ArchiveInStep } from '../events/archive-in-step.js';
import { Followers } from '../events/stream/followers.js';
import { ErrorAnswers } from '../shell/error-answers.js';
import * as tokens from '../tokens.js';
import { HealthWatch } from '../shell/health-watch.js';
import { NodeVitals } from '../vitals/node-vitals.js';
import { Explainer } from '../vms/explainer.js';
import { VmPast } from '../vms/vm-past.js';
import { WebhookDesk } from '../webhooks/webhook-desk.js';
import { writeDocument } from './document-file.driver.js';
import { ankaDocument, ankaRegistryDocument, OWN_MODULES, ownDocument } from './openapi.module.js';

const PORTS = [
  ...[Ask, AUTH, ErrorAnswers, HealthWatch, NodeVitals, Explainer, ArchiveInStep, VmPast, Followers, WebhookDesk],
  ...Object.values(tokens),
];

/** In preview mode Nest makes none of these, but wants to know that they exist. */
@Global()
@Module({ providers: PORTS.map((provide) => ({ provide, useValue: undefined })), exports: PORTS })
class PortsInNameOnly {}

@Module({ imports: [PortsInNameOnly, AnkaModule, AnkaRegistryModule, ...OWN_MODULES] })
class Doors {}

/**
 * `npm run openapi [folder]`: writes the OpenAPI documents, to docs/openapi unless told otherwise. Needs the build, where the comments
 * of the DTOs become descriptions, and nothing else.
 */
const app = await NestFactory.create(Doors, new FastifyAdapter(), { preview: true, logger: ['error'] });
const folder = process.argv[2] ?? 'docs/openapi';
const documents = {
  'anka.json': ankaDocument(app),
  'anka-registry.json': ankaRegistryDocument(app),
  'muster.json': ownDocument(app),
};
for (const [name, document] of Object.entries(documents))
  console.log(`${await writeDocument(folder, name, document)} written`);
