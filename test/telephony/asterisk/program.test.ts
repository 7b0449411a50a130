import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { findProgram, isAtLeast } from '../../../src/telephony/asterisk/program.js';
import { removeFolder, tempFolder } from './kit.js';

t.test('versions are compared by their numbers', async (t) => {
  for (const version of ['22.10.0', '22.10.1', '22.10.1~dfsg+~cs6', 'Asterisk 23.0.0', '22.11', '100'])
    t.ok(isAtLeast(version, '22.10.0'), version);
  for (const version of ['22.9.9', '22.2', '18.26.4', '', 'unknown'])
    t.notOk(isAtLeast(version, '22.10.0'), version);
});

t.test('an Asterisk that is too old is refused by name and version', async (t) => {
  const folder = tempFolder();
  t.teardown(() => removeFolder(folder));
  const toolbox = join(folder, 'toolbox.json');
  const find = () => findProgram({ mode: 'embedded', toolbox });
  t.throws(find, { code: 'ONEDOOR_TELEPHONY_NO_ASTERISK' });
  writeFileSync(toolbox, JSON.stringify({ format: 1, asterisk: null }));
  t.throws(find, { code: 'ONEDOOR_TELEPHONY_NO_ASTERISK' });
  const asterisk = {
    command: ['/bin/asterisk'],
    env: {},
    version: '20.5.0',
    modules: '/m',
    documentation: '/d',
    sounds: '/s',
  };
  writeFileSync(toolbox, JSON.stringify({ format: 1, asterisk }));
  t.throws(find, { code: 'ONEDOOR_TELEPHONY_OLD_ASTERISK', message: /Asterisk 20\.5\.0 is too old/ });
  writeFileSync(toolbox, JSON.stringify({ format: 1, asterisk: { ...asterisk, version: '22.10.1' } }));
  t.equal(find().version, '22.10.1');
});
