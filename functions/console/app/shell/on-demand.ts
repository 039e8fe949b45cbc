export { ActivityDrawer } from './activity-drawer.tsx';
export { Palette } from './palette.tsx';
