import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#events';
import { listenerOf } from './listener.js';
import { silentLog } from './log.js';
import { SideListener } from './side-listener.http.js';

/** Made for the test; nobody trusts it. */
function ownCertificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const dir = mkdtempSync(join(tmpdir(), 'muster-tls-'));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const subject = ['-subj', '/CN=side.example', '-days', '1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  const made = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(dir, { recursive: true });
  return made;
}

describe('a side listener', () => {
  it('speaks TLS and nothing else when it has a certificate', async () => {
    const main = createServer((request, response) => void response.end(listenerOf(request)));
    const at = { host: '127.0.0.1', port: 0 };
    const listener = new SideListener({ name: 'side', at, clock: systemClock, log: silentLog, graceMs: 300 });
    await listener.open(main, ownCertificate());
    expect(listener.scheme).toBe('https');
    const { port = 0 } = listener.address ?? {};
    const answer = await new Promise<string>((resolve, reject) => {
      get({ port, host: '127.0.0.1', rejectUnauthorized: false }, (response) => {
        response.setEncoding('utf8').on('data', resolve);
      }).on('error', reject);
    });
    expect(answer).toBe('side');
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed');
    await listener.closed();
  });
});
