import type { Failure } from '../../../shared/api/base.ts';
import { Button } from '../../ui/button.tsx';
import { FailureView } from '../../ui/failure-view.tsx';

/** In place of a designer or a form whose object could not be read. */
export function ReadingFailed({ failure, onAgain }: { failure: Failure; onAgain: () => void }) {
  return (
    <div className="p-4">
      <FailureView
        failure={failure}
        actions={
          <Button small onClick={onAgain}>
            Try again
          </Button>
        }
      />
    </div>
  );
}
