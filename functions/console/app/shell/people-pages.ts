export { Component as HistoryPage } from '../history/history-page.tsx';
export { Component as UsersPage } from '../users/users-page.tsx';
export { Component as WhyPage } from '../why/why-page.tsx';
