import { Module } from '@nestjs/common';
import { Ask } from '../../commands/ask.js';
import { DISTRIBUTION_VIEW, NODE_VIEW, VM_VIEW } from '../../tokens.js';
import type { DistributionView, NodeView, VmView } from '../../views/index.js';
import { Asking } from './asking.js';

/** Commands of this dialect, for the controllers of both its listeners. */
@Module({
  providers: [
    {
      provide: Asking,
      useFactory: (ask: Ask, vms: VmView, nodes: NodeView, distributions: DistributionView) =>
        new Asking(ask, { vms, nodes, distributions }),
      inject: [Ask, VM_VIEW, NODE_VIEW, DISTRIBUTION_VIEW],
    },
  ],
  exports: [Asking],
})
export class AskingModule {}
