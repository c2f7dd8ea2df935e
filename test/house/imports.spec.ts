import { arrows } from './rules/arrows.js';
import { cycles } from './rules/cycles.js';
import { importLicence } from './rules/import-licence.js';
import { readTree } from './rules/source.js';

const tree = readTree();
const file = (path: string, text: string) => ({ path, text });

describe('the suffix is the licence', () => {
  it('holds for every file', () => expect(importLicence(tree)).toEqual([]));

  it.each([
    ['libs/domain/src/vm.ts', `import { readFileSync } from 'node:fs';`, 'imports node:fs; only .driver files may'],
    [
      'libs/domain/src/vm.ts',
      `import { Injectable } from '@nestjs/common';`,
      'imports @nestjs/common; only main, .module',
    ],
    ['apps/api/src/vm.dto.ts', `import { Pool } from 'pg';`, 'imports pg; only .entity, .postgres files may'],
    [
      'apps/api/src/vm.controller.ts',
      `import { connect } from '@nats-io/transport-node';`,
      'only .jetstream files may',
    ],
    ['apps/api/src/loop.ts', `import { randomUUID } from 'node:crypto';`, 'only main, .driver, .system files may'],
    [
      'apps/api/src/loop.ts',
      `import { setTimeout as wait } from 'node:timers/promises';`,
      'only main, .driver, .system files may',
    ],
    ['apps/api/src/loop.ts', `export const load = () => import('node:child_process');`, 'only .driver files may'],
    ['apps/api/src/loop.ts', `export type { Pool } from 'pg';`, 'only .entity, .postgres files may'],
    ['apps/api/src/loop.ts', `await fetch('http://x');`, 'uses fetch; only .http files may'],
    [
      'apps/api/src/loop.ts',
      `const home = process.env.HOME;`,
      'uses process; only main, .config, .driver, .system files may',
    ],
    ['apps/api/src/pull.http.ts', `import { open } from 'node:fs/promises';`, 'only .driver files may'],
    ['libs/events/src/log.ts', `import { pino } from 'pino';`, 'no licence at all'],
    ['apps/api/src/vm.ts', `import express from 'express';`, 'no licence at all'],
  ])('catches in %s: %s', (path, text, problem) => {
    expect(importLicence([file(path, text)])).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['apps/api/src/main.ts', `import { NestFactory } from '@nestjs/core'; process.exit(1);`],
    ['apps/api/src/rebuild.main.ts', `import 'reflect-metadata';`],
    [
      'apps/api/src/vm.dto.ts',
      `import { IsString } from 'class-validator'; import { ApiProperty } from '@nestjs/swagger';`,
    ],
    ['apps/api/src/migrations/1-first.ts', `import type { QueryRunner } from 'typeorm';`],
    ['apps/scheduler/src/metrics.ts', `import { Counter } from 'prom-client';`],
    ['apps/node-agent/src/qemu.driver.ts', `import { spawn } from 'node:child_process';`],
    ['libs/events/src/ids.system.ts', `import { randomUUID } from 'node:crypto';`],
    ['libs/events/src/hash.ts', `import { createHash } from 'node:crypto'; import { join } from 'node:path';`],
    ['apps/api/src/loop.ts', `export const pidOf = (process: { pid: number }) => process.pid;`],
    ['libs/events/src/hash.spec.ts', `import { readFileSync } from 'node:fs';`],
    ['libs/events/src/hash.ts', `export const send = (door: { fetch(): void }) => door.fetch();`],
  ])('allows in %s: %s', (path, text) => expect(importLicence([file(path, text)])).toEqual([]));
});

describe('arrows point one way', () => {
  it('holds for every file', () => expect(arrows(tree)).toEqual([]));

  it.each([
    ['libs/domain/src/vm.ts', '#events', 'libs/domain must not know libs/events'],
    ['libs/domain/src/vm.ts', '../../events/src/index.js', 'libs/domain must not know libs/events'],
    ['libs/events/src/log.ts', '../../../apps/api/src/main.js', 'libs/events must not know apps/api'],
    ['apps/api/src/views.ts', '../../scheduler/src/loop.js', 'apps/api must not know apps/scheduler'],
    ['apps/api/src/views.ts', '../../../tools/launch/run.js', 'apps/api must not know tools'],
    ['apps/api/src/views.ts', '#events/testing', 'only tests may use it'],
    ['libs/domain/src/vm.ts', './testing/fleet.js', 'only tests may use it'],
    ['apps/api/src/dialects/anka/translate.ts', '../orka/rows.js', 'dialect anka must not know dialect orka'],
  ])('catches %s importing %s', (path, specifier, problem) => {
    const found = arrows([file(path, `import { x } from '${specifier}';`)]);
    expect(found).toEqual([`${path}:1 imports ${specifier}: ${problem}`]);
  });

  it.each([
    ['apps/api/src/views.ts', '#events'],
    ['apps/scheduler/src/loop.ts', '#domain'],
    ['libs/events/src/log.ts', '#domain'],
    ['apps/api/src/views.spec.ts', '#events/testing'],
    ['apps/scheduler/src/testing/room.ts', '#events/testing'],
    ['apps/api/src/dialects/anka/translate.ts', '../dialect.js'],
    ['apps/api/src/dialects/anka/vm/rows.ts', '../translate.js'],
  ])('allows %s importing %s', (path, specifier) => {
    expect(arrows([file(path, `import { x } from '${specifier}';`)])).toEqual([]);
  });
});

describe('no file of libs imports itself', () => {
  it('holds for every file', () => expect(cycles(tree)).toEqual([]));

  it('catches a cycle of three and names it', () => {
    const sources = [
      file('libs/domain/src/a.ts', `import { b } from './b.js';`),
      file('libs/domain/src/b.ts', `export * from './c.js';`),
      file('libs/domain/src/c.ts', `import { a } from './a.js';`),
    ];
    expect(cycles(sources)).toEqual([
      'libs/domain/src/a.ts imports itself: libs/domain/src/a.ts -> libs/domain/src/b.ts -> libs/domain/src/c.ts -> libs/domain/src/a.ts',
    ]);
  });

  it('lets types refer to each other', () => {
    const sources = [
      file('libs/domain/src/a.ts', `import type { B } from './b.js';`),
      file('libs/domain/src/b.ts', `import { type A } from './a.js';`),
    ];
    expect(cycles(sources)).toEqual([]);
  });
});
