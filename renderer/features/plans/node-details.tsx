import { figureOf } from '../../../shared/plan/figures.ts';
import { pagesOf, titleOf } from '../../../shared/plan/plan.ts';
import { shownBytes, shownCount } from '../../ui/amounts.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { estimateText, pagesText, rowsText, shownMs } from './metrics.ts';
import type { PlanModel } from './plan-model.ts';

type Fact = readonly [name: string, value: string];

/** Everything that is known of one node: figures worked out first, then PostgreSQL's own words. */
export function NodeDetails({ model, nodeId }: { model: PlanModel; nodeId: number | null }) {
  const node = nodeId === null ? undefined : model.plan.nodes[nodeId];
  if (!node) return <p className="p-3 text-sm text-muted">Choose a node to see all about it.</p>;
  return (
    <div className="p-3">
      <h3 className="selectable text-sm font-semibold break-words">{visibleText(titleOf(node))}</h3>
      {node.subplanName && <p className="text-xs text-accent">{node.subplanName}</p>}
      <Facts facts={figureFacts(model, node.id)} />
      <Facts facts={node.properties} mono />
      {node.workers.length > 0 && (
        <Facts
          facts={node.workers.map(
            (worker): Fact => [
              `Worker ${worker.number}`,
              worker.actual
                ? `${worker.actual.totalMs === null ? '' : `${shownMs(worker.actual.totalMs * worker.actual.loops)}, `}${shownCount(Math.round(worker.actual.rows * worker.actual.loops))} rows`
                : 'did not run it',
            ],
          )}
        />
      )}
    </div>
  );
}

function Facts({ facts, mono }: { facts: readonly Fact[]; mono?: boolean }) {
  if (facts.length === 0) return null;
  return (
    <dl className="mt-2 grid grid-cols-[max-content_1fr] gap-x-3 gap-y-1 border-t border-line pt-2 text-xs">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd
            className={
              mono ? 'selectable font-mono break-words whitespace-pre-wrap' : 'selectable break-words tabular-nums'
            }
          >
            {visibleText(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function figureFacts({ plan, figures }: PlanModel, id: number): Fact[] {
  const node = plan.nodes[id];
  const figure = figureOf(figures, id);
  if (!node) return [];
  const own = figure.exclusiveBuffers;
  const payer = figures.charge.payer[id] ?? null;
  const payerNode = payer !== null && payer !== figure.parentId ? plan.nodes[payer] : undefined;
  const facts: (Fact | false | null)[] = [
    figure.exclusiveMs !== null && [
      'Time of its own',
      `${shownMs(figure.exclusiveMs)} (${Math.round(figure.share * 100)} %)${figure.clamped ? ', scaled: the parts exceed the whole' : ''}`,
    ],
    figure.inclusiveMs !== null && ['Time with all below', shownMs(figure.inclusiveMs)],
    figure.processes > 1 &&
      figure.cpuMs !== null && ['Over all processes', `${shownMs(figure.cpuMs)} in ${figure.processes}`],
    payerNode ? ['Included in', `${titleOf(payerNode)}, which evaluates it first`] : null,
    node.actual ? ['Rows', rowsText(figure)] : null,
    figure.plannedRowsTotal !== null && [
      'Rows expected',
      `${shownCount(figure.plannedRowsTotal)}${figure.cutShort ? '; not comparable, stopped early' : estimateText(figure) ? `; ${estimateText(figure)} came` : ''}`,
    ],
    figure.rowsRemoved > 0 && ['Rows removed', shownCount(Math.round(figure.rowsRemoved))],
    node.actual ? ['Loops', shownCount(node.actual.loops)] : null,
    node.workersPlanned !== null && ['Workers', `${node.workersLaunched ?? '?'} of ${node.workersPlanned} planned`],
    node.totalCost !== null && ['Cost', `${node.startupCost} to ${node.totalCost}`],
    node.planWidth !== null && ['Width of a row', `${node.planWidth} bytes`],
    own &&
      (pagesOf(own) ?? 0) > 0 && [
        'Pages of its own',
        `${pagesText(own.sharedHit + own.localHit)} cached, ${pagesText(own.sharedRead + own.localRead)} read`,
      ],
    own &&
      own.sharedDirtied + own.sharedWritten > 0 && [
        'Pages changed',
        `${shownCount(own.sharedDirtied)} dirtied, ${shownCount(own.sharedWritten)} written`,
      ],
    own &&
      own.tempRead + own.tempWritten > 0 && [
        'Temporary files',
        `${pagesText(own.tempRead)} read, ${pagesText(own.tempWritten)} written`,
      ],
    own &&
      own.ioReadMs + own.ioWriteMs > 0 && [
        'Waiting for I/O',
        `${shownMs(own.ioReadMs)} reading, ${shownMs(own.ioWriteMs)} writing`,
      ],
    figure.exclusiveWalBytes ? ['WAL of its own', shownBytes(figure.exclusiveWalBytes)] : null,
  ];
  return facts.filter((fact): fact is Fact => Array.isArray(fact));
}
