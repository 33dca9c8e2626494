import { Button } from '../../../ui/button.tsx';

/** The foot of a dialog whose transfer has begun: it may be left to itself, stopped, or is through. */
export function TaskFooter({
  kind,
  again,
  onClose,
  onCancel,
  onForget,
}: {
  kind: 'running' | 'done' | 'failed';
  /** There are choices to go back to. */
  again: boolean;
  onClose: () => void;
  onCancel: () => void;
  onForget: () => void;
}) {
  if (kind === 'running')
    return (
      <>
        <Button onClick={onCancel}>Cancel</Button>
        <Button kind="primary" onClick={onClose}>
          Go on in the background
        </Button>
      </>
    );
  return (
    <>
      {again && <Button onClick={onForget}>Back to the choices</Button>}
      <Button kind="primary" onClick={onClose}>
        Close
      </Button>
    </>
  );
}
