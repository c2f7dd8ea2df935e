import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Injectable,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Fleet } from './fleet.js';

/** How the process ends: in what time when asked, and what is done about a bug in a loop. */
export class Ending {
  constructor(
    readonly graceMs: number,
    readonly onBug: (cause: unknown) => void,
  ) {}
}

/** Ties the agents' life to that of the process. */
@Injectable()
export class FleetLife implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly fleet: Fleet,
    private readonly ending: Ending,
  ) {}

  /** Does not wait: the agents try until they succeed, and the process must be able to stop meanwhile. */
  onApplicationBootstrap(): void {
    this.fleet.start().catch(this.ending.onBug);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.fleet.stop(this.ending.graceMs);
  }
}

/** What Nest carries of the node agent: its start and its end. The loops themselves are plain code. */
@Module({})
export class AgentModule {
  static with(fleet: Fleet, ending: Ending): DynamicModule {
    return {
      module: AgentModule,
      providers: [{ provide: Fleet, useValue: fleet }, { provide: Ending, useValue: ending }, FleetLife],
    };
  }
}
