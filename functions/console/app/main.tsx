import { createRoot } from 'react-dom/client';
import { start } from './shell/start.tsx';

const place = document.getElementById('console');
if (place !== null) await start(createRoot(place));
