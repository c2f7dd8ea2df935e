import { Module } from '@nestjs/common';
import { BlobController } from './blob.controller.js';

@Module({ controllers: [BlobController] })
export class BlobModule {}
