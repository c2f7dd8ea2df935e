import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { program } from '../../support/root.js';

/** A reference server (bare-door.ts, bare-fastify.ts) as a process; it prints its port first. */
export class BareServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** `name`: of the file beside this one, without its extension. */
  static async start(name: string, settings: Readonly<Record<string, string>> = {}): Promise<BareServer> {
    const script = program('test', 'bench', 'parts', `${name}.js`);
    const env = { ...process.env, ...settings };
    const child = spawn(process.execPath, [script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    return new BareServer(child, `http://127.0.0.1:${port.toString().trim()}`);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}
