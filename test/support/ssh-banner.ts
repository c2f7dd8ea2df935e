import { connect } from 'node:net';
import { until } from './until.js';

const ANSWER_LIMIT_MS = 5_000;

function firstLine(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: ANSWER_LIMIT_MS });
    let text = '';
    const end = (cause?: Error): void => {
      socket.destroy();
      if (cause !== undefined) reject(cause);
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!text.includes('\n')) return;
      end();
      resolve(text.slice(0, text.indexOf('\n')).trim());
    });
    socket.once('timeout', () => end(new Error(`${host}:${port} says nothing`)));
    socket.once('error', end);
    socket.once('close', () => reject(new Error(`${host}:${port} closes after "${text}"`)));
  });
}

/** What the SSH server behind this address says first, once it says anything. */
export function sshBanner(host: string, port: number, withinMs = 30_000): Promise<string> {
  return until(`An SSH server answers on ${host}:${port}`, () => firstLine(host, port), withinMs);
}
