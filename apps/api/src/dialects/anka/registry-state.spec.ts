import type { DoorRequest } from '../../shell/request-context.js';
import { RegistryState } from './registry-state.js';

const asked = (host: string) => ({ headers: { host } }) as unknown as DoorRequest;
const listening = (host: string, port: number) => ({ address: { host, port }, scheme: 'http' as const });

describe('what the controller says about the registry', () => {
  it.each([
    ['ctl.example:8090', '0.0.0.0', 'http://ctl.example:8089'],
    ['ctl.example', '::', 'http://ctl.example:8089'],
    ['[fd00::7]:8090', '::', 'http://[fd00::7]:8089'],
    ['ctl.example:8090', '127.0.0.1', 'http://127.0.0.1:8089'],
    ['ctl.example:8090', '::1', 'http://[::1]:8089'],
    ['ctl.example:8090', 'reg.example', 'http://reg.example:8089'],
  ])('to a client of %s, when it listens on %s: %s', (host, on, url) => {
    expect(new RegistryState(undefined, listening(on, 8089)).addressFor(asked(host))).toBe(url);
  });

  it('is an https address when it speaks TLS', () => {
    const listener = { ...listening('0.0.0.0', 8089), scheme: 'https' as const };
    expect(new RegistryState(undefined, listener).addressFor(asked('ctl.example'))).toBe('https://ctl.example:8089');
  });

  it('is the address that an operator has set, wherever it listens', () => {
    const state = new RegistryState('https://reg.example', listening('0.0.0.0', 8089));
    expect(state.addressFor(asked('ctl.example'))).toBe('https://reg.example');
  });

  it('is our own address while nobody listens: it must never be empty', () => {
    const state = new RegistryState(undefined, { address: undefined, scheme: 'http' });
    expect(state.addressFor(asked('ctl.example:8090'))).toBe('http://ctl.example:8090');
  });

  it('is that it runs when it listens, and that it does not when it should and does not', () => {
    expect(new RegistryState(undefined, listening('::', 8089)).isRunning).toBe(true);
    expect(new RegistryState(undefined, { address: undefined, scheme: 'http' }).isRunning).toBe(false);
    expect(new RegistryState('http://theirs', undefined).isRunning).toBe(true);
  });
});
