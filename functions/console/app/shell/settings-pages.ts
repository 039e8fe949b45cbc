export { Component as OperatePage } from '../operate/operate-page.tsx';
export { Component as SettingsPage } from '../settings/settings-page.tsx';
