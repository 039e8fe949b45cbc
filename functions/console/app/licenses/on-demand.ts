export { ChangeDialog } from './change-dialog.tsx';
export { FolderDialog } from './folder-dialog.tsx';
export { LicensePanel } from './license-panel.tsx';
export { MoreFilters } from './more-filters.tsx';
