/** `npm test`: sets up what is not set up yet, then runs the tests; its last line reads `N passed, N failed`. */
import './node-version.mjs';

// Imported late, because a Node that is too old cannot even read it.
import('./run-tests.mjs');
