export { hashSite, type SiteFiles } from './files.js';
export type { CheckedSite, FallbackTexts, Phone, Site, SiteLimits, Trunk } from './site.js';
