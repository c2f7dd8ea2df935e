import { type CentralLog, headLine, linesOf, type LogEntry } from './central-log.js';

/** The central logs in memory: nothing is ever full. */
export class MemoryCentralLog implements CentralLog {
  readonly files = new Map<string, string>();

  constructor(private readonly now: () => number) {}

  async append(entry: LogEntry): Promise<void> {
    const before = this.files.get(entry.service) ?? headLine(this.now());
    this.files.set(entry.service, before + linesOf(entry));
  }
}

/** What every form of {@link CentralLog} does. `read` gives the file of a service. */
export function describeCentralLog(
  form: string,
  make: () => { readonly log: CentralLog; readonly read: (service: string) => string },
  now: number,
): void {
  describe(`the central logs ${form}`, () => {
    it('begin each file with the time of its making, and add lines', async () => {
      const { log, read } = make();
      await log.append({ service: 'agent', content: 'one\ntwo\n' });
      await log.append({ service: 'agent', content: 'three' });
      expect(read('agent')).toBe(`${headLine(now)}one\ntwo\nthree\n`);
    });

    it('name the machine before each line, except in the event log', async () => {
      const { log, read } = make();
      const from = { machineName: 'mac\n01', host: '10.0.0.1', content: 'a\r\nb' };
      await log.append({ service: 'agent', ...from });
      await log.append({ service: 'event', ...from });
      expect(read('agent')).toBe(`${headLine(now)}mac_01 10.0.0.1 a\nmac_01 10.0.0.1 b\n`);
      expect(read('event')).toBe(`${headLine(now)}a\nb\n`);
    });

    it('keep the order of entries that come at the same time', async () => {
      const { log, read } = make();
      const lines = Array.from({ length: 50 }, (_, n) => `line ${n}`);
      await Promise.all(lines.map((content) => log.append({ service: 'agent', content })));
      expect(read('agent')).toBe(`${headLine(now)}${lines.join('\n')}\n`);
    });
  });
}
