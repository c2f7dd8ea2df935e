import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A receiver that speaks whatever a test writes. */
export async function startRawReceiver(
  onData: (socket: Socket, request: string) => void,
): Promise<{ readonly url: string; readonly close: () => Promise<unknown> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => onData(socket, data.toString('latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<unknown> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, close };
}
