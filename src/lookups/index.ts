export { csvAnswers, openCsvLookups } from './csv.js';
