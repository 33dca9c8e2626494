/** Transfers that are under way, whether their dialog is open or not; they end with the page. */
import { create } from 'zustand';
import { toast } from '../../../ui/toast.tsx';

export type TaskState =
  | { readonly kind: 'running'; readonly words: string; readonly fraction: number | undefined }
  | { readonly kind: 'done'; readonly words: string; readonly rejectsId?: string | null }
  | { readonly kind: 'failed'; readonly words: string };

export interface TransferTask {
  readonly id: number;
  readonly title: string;
  readonly state: TaskState;
  readonly cancel: () => void;
}

export const useTasks = create<{ readonly tasks: readonly TransferTask[] }>(() => ({ tasks: [] }));

export interface TaskHandle {
  update(state: TaskState): void;
  /** Its dialog is gone: what comes of it is said where the person is then, and kept in the list. */
  leave(): void;
  /** Out of the list. */
  forget(): void;
}

let nextId = 1;

export function beginTask(title: string, cancel: () => void): TaskHandle {
  const id = nextId++;
  let left = false;
  const put = (state: TaskState): void =>
    useTasks.setState(({ tasks }) => ({ tasks: tasks.map((task) => (task.id === id ? { ...task, state } : task)) }));
  const begun: TransferTask = { id, title, cancel, state: { kind: 'running', words: '', fraction: undefined } };
  useTasks.setState(({ tasks }) => ({ tasks: [...tasks, begun] }));
  return {
    update(state) {
      put(state);
      if (state.kind === 'running') return;
      if (left) toast(`${title}: ${state.words}`, state.kind === 'done' ? 'success' : 'danger');
      // Its dialog says so, and is closed by the person.
      else forgetTask(id);
    },
    leave() {
      left = true;
    },
    forget: () => forgetTask(id),
  };
}

export const forgetTask = (id: number): void =>
  useTasks.setState(({ tasks }) => ({ tasks: tasks.filter((task) => task.id !== id) }));
