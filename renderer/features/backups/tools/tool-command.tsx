import type { BackupChoice } from '../../../../shared/api/backups.ts';
import type { FoundToolsAnswer } from '../../../../shared/api/dump-tool.ts';
import type { CallState } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Callout, Spinner } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleLines, visibleText } from '../../../ui/visible-text.ts';

/** What will be run, word for word, or why none of the installed programs can. */
export function ToolCommand({ tool, found }: { tool: BackupChoice['tool']; found: CallState<FoundToolsAnswer> }) {
  if (!tool) return null;
  if (found.state === 'failed') return <FailureView failure={found.failure} />;
  if (!found.data) return <Spinner label={`Looking for ${tool.program}`} />;
  const { why, command, fitting } = found.data;
  return (
    <>
      {why !== null && (
        <Callout tone="warning" title={fitting ? 'It cannot be run like this' : `No ${tool.program} fits this server`}>
          <span className="text-xs">{visibleText(why)}</span>
        </Callout>
      )}
      {command !== null && <ExactCommand command={command} title={`Runs ${tool.program} ${fitting?.version ?? ''}`} />}
    </>
  );
}

/** A command to be read and copied; no secret is among its words. */
export function ExactCommand({ command, title }: { command: string; title: string }) {
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center justify-between">
        <span className="text-xs font-medium text-muted">{visibleText(title)}</span>
        <Button
          small
          kind="quiet"
          onClick={() =>
            void navigator.clipboard.writeText(command).then(
              () => toast('The command is on the clipboard. It asks for the password, which is not in it.', 'success'),
              () => toast('The clipboard could not be written.', 'danger'),
            )
          }
        >
          Copy
        </Button>
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to be reached by the keyboard for that
        tabIndex={0}
        className="selectable max-h-40 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs whitespace-pre-wrap"
      >
        {words(command)}
      </pre>
    </div>
  );
}

/** Broken between words, within one only where it is longer than the line. */
const words = (command: string) =>
  visibleLines(command)
    .split(/([ \n])/)
    .map((word, at) =>
      word === ' ' || word === '\n' || word === '' ? (
        word
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: words of a text that does not change
        <span key={at} className="inline-block max-w-full break-all">
          {word}
        </span>
      ),
    );
