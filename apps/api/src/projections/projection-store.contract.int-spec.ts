import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { LOOKED_AT } from './access-view.contract.js';
import { PostgresAccessView } from './access-view.postgres.js';
import { projectionStoreContract } from './projection-store.contract.js';
import { PostgresProjectionStore } from './projection-store.postgres.js';
import { LIVE_SCHEMA } from './tables.postgres.js';
import { PostgresNodeView, PostgresSmallView, PostgresTemplateView, PostgresVmView } from './views.postgres.js';

const postgres = postgresOfSpec();

describe('a projection in Postgres', () => {
  projectionStoreContract(async () => {
    await postgres.makeAnew('projection');
    return {
      store: new PostgresProjectionStore(postgres.pool, LIVE_SCHEMA),
      vms: new PostgresVmView(postgres.pool),
      nodes: new PostgresNodeView(postgres.pool),
      templates: new PostgresTemplateView(postgres.pool),
      groups: new PostgresSmallView(postgres.pool, 'group'),
      distributions: new PostgresSmallView(postgres.pool, 'distribution'),
      access: new PostgresAccessView(postgres.pool, { now: () => LOOKED_AT }),
    };
  });
});
