/** `npm run docs`: writes the generated documents. A test fails when one of them is stale. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pages, stored } from './pages.js';

for (const { path, text } of pages()) {
  const before = stored(path);
  if (before === text) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`${path} is ${before === undefined ? 'new' : 'written'}`);
}
