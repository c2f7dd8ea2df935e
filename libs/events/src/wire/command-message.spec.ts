import { MAX_COMMAND_BYTES, readCommand } from './command-message.js';

const read = (text: string) =>
  readCommand({ sequence: 1, time: 0, subject: 'muster.cmd.vm.TerminateVM', text }).content;
const command = (actor: string): string =>
  JSON.stringify({ id: 'c', type: 'muster.vm.TerminateVM', actor, correlationid: 'c', data: { vmId: 'v' } });

describe('readCommand()', () => {
  it('reads a command up to the limit', () => {
    const room = MAX_COMMAND_BYTES - command('').length;
    expect(read(command('a'.repeat(room)))).toMatchObject({ ok: true });
  });

  it('refuses one whose event could not be appended, in bytes and not in characters', () => {
    const room = MAX_COMMAND_BYTES - command('').length;
    expect(read(command('ä'.repeat(room)))).toMatchObject({
      ok: false,
      error: expect.stringContaining('at most') as string,
    });
  });
});
