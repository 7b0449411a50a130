/** `npm start`: sets up what is not set up yet, then becomes the engine. */
import './node-version.mjs';

// Imported late, because a Node that is too old cannot even read it.
import('./start-engine.mjs');
