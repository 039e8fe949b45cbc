export { CsvButton } from '../api/csv-button.tsx';
export { FilterBar } from './filter-bar.tsx';
export { FolderMenu } from './folder-menu.tsx';
export { FolderTree } from './folder-tree.tsx';
export { LayoutWarnings } from './layout-warnings.tsx';
