export type { SiteCheck } from './check.js';
export { hashSite, type SiteFiles } from './files.js';
export { chooseSite, loadSite, type SiteChoice, siteFromFiles } from './load.js';
export type { CheckedSite, FallbackTexts, Phone, Site, SiteLimits, Trunk } from './site.js';
