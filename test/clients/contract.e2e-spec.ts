import { afterAll, beforeAll, jest } from '@jest/globals';
import { Fleet } from '../support/fleet.js';
import { ankaActionsContract } from './anka-actions.contract.js';
import { ankaMcpContract } from './anka-mcp.contract.js';
import { azureContract } from './azure.contract.js';
import { cirrusContract } from './cirrus.contract.js';
import { cloudConnectContract } from './cloud-connect.contract.js';
import { exporterContract } from './exporter.contract.js';
import { credentialsContract } from './credentials.contract.js';
import { curlContract } from './curl.contract.js';
import { harnessContract } from './harness.contract.js';
import { jenkinsContract } from './jenkins.contract.js';
import { legacyRunnerContract } from './legacy-runner.contract.js';
import { mgmtclContract } from './mgmtcl.contract.js';
import { gitlabExecutorContract } from './gitlab-executor.contract.js';
import { saveImageContract } from './save-image.contract.js';
import { teamCityContract } from './teamcity.contract.js';
import { furnished, PULL_BYTES_PER_SECOND, VISIBLE_MS, type World } from './parts/world.js';

jest.setTimeout(120_000);

const NODES = 3;

let fleet: Fleet;
let world: World;

beforeAll(async () => {
  fleet = await Fleet.start({
    ...{ driver: 'simulated', nodes: NODES, bootMs: 100, ephemeralDatabase: true },
    env: {
      ANKA_INSTANCE_TIME_OUT: `${VISIBLE_MS}ms`,
      MUSTER_SIMULATED_PULL_BYTES_PER_SECOND: String(PULL_BYTES_PER_SECOND),
    },
  });
  world = await furnished(fleet);
});
afterAll(() => fleet?.close());

gitlabExecutorContract(() => world);
ankaActionsContract(() => world);
ankaMcpContract(() => world);
azureContract(() => world);
cirrusContract(() => world);
harnessContract(() => world);
legacyRunnerContract(() => world);
mgmtclContract(() => world);
jenkinsContract(() => world);
teamCityContract(() => world);
cloudConnectContract(() => world);
exporterContract(() => world);
curlContract(() => world);
credentialsContract(() => world);
saveImageContract(() => world);
