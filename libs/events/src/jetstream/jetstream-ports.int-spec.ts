import { jest } from '@jest/globals';
import { describePorts } from '../contract/index.contract.js';
import { makeJetStreamWorld } from './jetstream-world.contract.js';

jest.setTimeout(30_000);

describePorts('on a NATS server', makeJetStreamWorld);
