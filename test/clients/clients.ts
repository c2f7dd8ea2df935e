import { actionsReads } from './anka-actions.js';
import { mcpReads } from './anka-mcp.js';
import { azureReads } from './azure.js';
import { cirrusReads } from './cirrus.js';
import { cloudConnectReads } from './cloud-connect.js';
import { exporterReads } from './exporter.js';
import { gitlabReads } from './gitlab-executor.js';
import { harnessReads } from './harness.js';
import { jenkinsReads } from './jenkins.js';
import { legacyReads } from './legacy-runner.js';
import { mgmtclReads } from './mgmtcl.js';
import { packerReads } from './packer.js';
import type { AnswerName, Reads } from './parts/answers.js';
import type { RawAnswer } from './parts/wire.js';
import { teamCityReads } from './teamcity.js';

/** How each client reads. */
export const CLIENTS = {
  Jenkins: jenkinsReads,
  TeamCity: teamCityReads,
  GitLab: gitlabReads,
  exporter: exporterReads,
  actions: actionsReads,
  mcp: mcpReads,
  Harness: harnessReads,
  'old runner': legacyReads,
  Cirrus: cirrusReads,
  mgmtcl: mgmtclReads,
  Azure: azureReads,
  'cloud-connect': cloudConnectReads,
  Packer: packerReads,
} as const satisfies Readonly<Record<string, Reads>>;
export type ClientName = keyof typeof CLIENTS;

/** The clients that come to grief over this answer. */
export function stumblingOver(name: AnswerName, answer: RawAnswer): ClientName[] {
  return (Object.keys(CLIENTS) as ClientName[]).filter((client) => {
    const read = CLIENTS[client][name];
    try {
      read?.(answer);
      return false;
    } catch {
      return true;
    }
  });
}
