/** `npm run docs`: writes the generated documents. A test fails when one of them is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pages } from './pages.js';

for (const { path, text } of pages()) {
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch {
    console.log(`${path} is new`);
  }
  if (before !== text) writeFileSync(path, text);
  console.log(`${path} ${before === text ? 'is up to date' : 'written'}`);
}
