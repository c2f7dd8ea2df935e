import { Module } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.js';
import { EventsController } from './events.controller.js';
import { StreamController } from './stream/stream.controller.js';

/** What happened, and what happens. */
@Module({ controllers: [EventsController, StreamController, AuditController] })
export class EventsModule {}
