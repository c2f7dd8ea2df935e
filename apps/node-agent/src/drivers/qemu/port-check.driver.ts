import { createServer } from 'node:net';

/** Whether a listener could bind the port right now. Somebody else may still be faster. */
export function isPortFree(port: number, hostIp: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: hostIp, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
