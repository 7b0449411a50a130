export { openCsvLookups } from './csv.js';
