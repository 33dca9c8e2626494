import { Component, type ReactNode } from 'react';
import { failureOf } from '../../shared/failure.ts';
import { Button } from '../ui/button.tsx';
import { FailureView } from '../ui/failure-view.tsx';

/** Keeps a page that throws from taking the others with it. */
export class FailureBoundary extends Component<{ place: string; children: ReactNode }, { thrown: unknown }> {
  override state: { thrown: unknown } = { thrown: undefined };
  static getDerivedStateFromError(thrown: unknown): { thrown: unknown } {
    return { thrown };
  }
  override render(): ReactNode {
    if (this.state.thrown === undefined) return this.props.children;
    return (
      <div className="p-6">
        <FailureView
          failure={failureOf(this.state.thrown)}
          where={this.props.place}
          actions={<Button onClick={() => this.setState({ thrown: undefined })}>Show it again</Button>}
        />
      </div>
    );
  }
}
