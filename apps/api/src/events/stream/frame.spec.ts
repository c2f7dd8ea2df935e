import { bookmarkFrame, eventFrame, HEARTBEAT_FRAME, lastFrame, openingFrame } from './frame.js';

describe('a frame of the stream', () => {
  it('has the sequence as its id, the type as its event and the CloudEvent as its data', () => {
    expect(eventFrame(17, 'muster.vm.VMStarted', '{"id":"a:0"}').toString()).toBe(
      'id: 17\nevent: muster.vm.VMStarted\ndata: {"id":"a:0"}\n\n',
    );
  });

  it('stays one frame whatever breaks a foreign body or type holds', () => {
    const frame = eventFrame(1, 'x\nid: 99', '{\n"a":\r\n1\r}').toString();
    expect(frame).toBe('id: 1\nevent: x id: 99\ndata: {\ndata: "a":\ndata: 1\ndata: }\n\n');
  });

  it('may be a bookmark, a beginning, a sign of life or a last word', () => {
    expect(bookmarkFrame(5).toString()).toBe('id: 5\nevent: bookmark\ndata: {}\n\n');
    expect(openingFrame().toString()).toBe('retry: 2000\n\n');
    expect(HEARTBEAT_FRAME.toString()).toBe(':\n\n');
    expect(lastFrame('the server stops').toString()).toBe(': the server stops\n\n');
  });
});
