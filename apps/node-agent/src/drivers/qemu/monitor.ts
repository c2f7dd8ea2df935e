import type { Clock } from '../clock.js';
import { JsonChannel } from './json-channel.driver.js';
import { isObject } from './json-lines.js';
import { MONITOR_SOCKET } from './command-line.js';
import { MONITOR_COMMAND_MS } from './limits.js';

/** QEMU's monitor. It serves one client at a time, so a connection is opened for one purpose and closed. */
export class Monitor {
  private constructor(private readonly channel: JsonChannel) {}

  static async open(workDir: string, clock: Clock): Promise<Monitor> {
    const channel = await JsonChannel.connect(workDir, MONITOR_SOCKET, clock);
    const stop = new AbortController();
    try {
      const late = clock.sleep(MONITOR_COMMAND_MS, stop.signal).then(
        () => Promise.reject(new Error(`QEMU's monitor sent no greeting within ${MONITOR_COMMAND_MS} ms.`)),
        () => undefined,
      );
      await Promise.race([channel.greeted, late]);
      await channel.command('qmp_capabilities', undefined, MONITOR_COMMAND_MS);
      return new Monitor(channel);
    } catch (error) {
      channel.close();
      throw error;
    } finally {
      stop.abort();
    }
  }

  async uuid(): Promise<string> {
    const answer = await this.channel.command('query-uuid', undefined, MONITOR_COMMAND_MS);
    return isObject(answer) && typeof answer.UUID === 'string' ? answer.UUID : '';
  }

  async pressPowerButton(): Promise<void> {
    await this.channel.command('system_powerdown', undefined, MONITOR_COMMAND_MS);
  }

  async quit(): Promise<void> {
    await this.channel.command('quit', undefined, MONITOR_COMMAND_MS);
  }

  close(): void {
    this.channel.close();
  }
}
