import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './app/theme.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { FailureBoundary } from './app/failure-boundary.tsx';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <FailureBoundary place="Howdah">
      <App />
    </FailureBoundary>,
  );
}
