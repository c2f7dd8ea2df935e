/** `npm run stop`: asks the Muster that runs on MUSTER_HOME to stop; with `-- --all` all its VMs are ended first. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const program = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist', 'tools', 'launch', 'stop.js');

if (!existsSync(program)) {
  console.log('Muster does not run here: it has never been built');
} else {
  try {
    const { main } = await import(pathToFileURL(program).href);
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(`Cannot stop Muster: ${error.message}`);
    process.exit(1);
  }
}
