import { LAST_PORT } from './limits.js';
import { allocatePorts, type PortQuestion } from './ports.js';

const ssh = { name: 'ssh', guestPort: 22 };
const web = { name: 'web', guestPort: 80 };

function ask(question: Partial<PortQuestion>): Promise<number[]> {
  const all = {
    rules: [ssh, web],
    previous: [],
    firstPort: 10_000,
    reserved: new Set<number>(),
    isFree: async () => true,
  };
  return allocatePorts({ ...all, ...question }).then((forwards) => forwards.map(({ hostPort }) => hostPort));
}

describe('host ports', () => {
  it('are the lowest that are free', async () => expect(await ask({})).toEqual([10_000, 10_001]));

  it('pass over those of other VMs and those somebody listens on', async () => {
    const isFree = async (port: number): Promise<boolean> => port !== 10_001;
    expect(await ask({ reserved: new Set([10_000, 10_003]), isFree })).toEqual([10_002, 10_004]);
  });

  it('are those that the VM had before', async () => {
    const previous = [ssh, web].map((rule, index) => ({ ...rule, hostPort: 12_000 + index, protocol: 'tcp' as const }));
    expect(await ask({ previous })).toEqual([12_000, 12_001]);
    expect(await ask({ previous, isFree: async (port) => port !== 12_000 })).toEqual([10_000, 12_001]);
  });

  it('are those that a rule names, and no other rule gets them', async () => {
    const rules = [ssh, { ...web, hostPort: 10_000 }];
    expect(await ask({ rules })).toEqual([10_001, 10_000]);
  });

  it.each([
    ['another VM has', { reserved: new Set([8080]) }],
    ['somebody listens on', { isFree: async (port: number) => port !== 8080 }],
  ])('are refused when a rule names one that %s', async (_, question) => {
    const asked = ask({ rules: [{ ...web, hostPort: 8080 }], ...question });
    await expect(asked).rejects.toMatchObject({ code: 'PORT_IN_USE', retryable: true });
  });

  it('run out', async () => {
    const asked = ask({ firstPort: LAST_PORT, rules: [ssh, web] });
    await expect(asked).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  });
});
