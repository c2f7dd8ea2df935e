import { Module } from '@nestjs/common';
import { PermissionGroupsController } from './permission-groups.controller.js';

@Module({ controllers: [PermissionGroupsController] })
export class PermissionGroupsModule {}
