import { AskingDoor, MAX_WAITING_QUESTIONS } from './asking-door.js';
import { readAnswer, readQuestion } from './explain-message.js';

describe('a door that asks', () => {
  it('refuses more questions than may wait, and asks again when one has its answer', async () => {
    const answers: ((text: string) => void)[] = [];
    const door = new AskingDoor(() => new Promise((resolve) => answers.push(resolve)));
    const asked = Array.from({ length: MAX_WAITING_QUESTIONS }, () => door.explain('a'));
    await expect(door.explain('a')).rejects.toMatchObject({ name: 'Unavailable', dependency: 'control-plane' });
    expect(answers).toHaveLength(MAX_WAITING_QUESTIONS);
    answers[0]?.('{"asOf":1}');
    expect(await asked[0]).toEqual({ asOf: 1 });
    void door.explain('a');
    expect(answers).toHaveLength(MAX_WAITING_QUESTIONS + 1);
  });

  it('takes no answer that cannot be read, and asks for nothing that is no id', async () => {
    const door = new AskingDoor(async () => '{"asOf":"now"}');
    await expect(door.explain('a')).rejects.toMatchObject({ name: 'Unavailable', dependency: 'control-plane' });
    await expect(door.explain('a*')).rejects.toThrow('must be an id');
  });
});

describe('bytes on the subject of questions', () => {
  it.each(['', '{', 'null', '[]', '{"vmId":7}', '{"vmId":"../x"}'])('that are no question are none: %s', (text) =>
    expect(readQuestion(text)).toBeUndefined(),
  );

  it.each(['', '7', 'null', '{}', '{"asOf":1.5}', '{"asOf":1,"explanation":null}', '{"asOf":1,"explanation":{}}'])(
    'that are no answer are none: %s',
    (text) => expect(readAnswer(text)).toBeUndefined(),
  );

  it('that are one are read', () => {
    expect(readQuestion('{"vmId":"vm.1","more":1}')).toBe('vm.1');
    expect(readAnswer('{"asOf":0}')).toEqual({ asOf: 0 });
  });
});
