/** `npm run build`: compiles into dist/ what changed since the last build. */
import { ensureBuild, ensureNodeModules } from './bootstrap.mjs';

ensureNodeModules();
ensureBuild();
