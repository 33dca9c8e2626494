/** The person's settings as the page knows them; written through the backend, which tells every window. */
import { create } from 'zustand';
import { defaultSettings, type Settings } from '../../shared/api/app.ts';

export const useSettings = create<Settings>(() => defaultSettings);
