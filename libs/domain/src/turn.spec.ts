import { type Cluster, emptyCluster } from './cluster.js';
import type { Command } from './commands.js';
import { decide } from './decide.js';
import { samples } from './testing/index.js';

const { joins, push, start, started, terminate } = samples;

/** Each command comes from a request of its own, named like its place. */
function correlations(...commands: (Command | ((cluster: Cluster) => Command))[]): string[] {
  const cluster = emptyCluster();
  return commands.flatMap((told, index) => {
    const command = typeof told === 'function' ? told(cluster) : told;
    const cause = { sequence: index + 1, id: `c${index}`, actor: 'spec', correlationId: `request-${index}` };
    const { events } = decide(cluster, { cause, time: index, command });
    return events.map(({ event, cause: { correlationId } }) => `${event.type} of ${correlationId}`);
  });
}

describe('what the system does for a VM', () => {
  it('belongs to the request that the VM follows, not to the command that made it possible', () => {
    expect(correlations(push('t'), start('a', 't'), joins('n'), started('a'), terminate('a'))).toEqual([
      'PushTemplate of request-0',
      'StartVM of request-1',
      'NodeRegistered of request-2',
      'VMScheduled of request-1',
      'VMStarted of request-1',
      'TerminateVM of request-4',
    ]);
  });
});
