/**
 * What failed, told in few lines: the end of a log is often all of it that is kept. Each test with its file, the line
 * of ours that was refused, and the first lines of the message.
 */
import { writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const mostLines = 58;
const mostOfMessage = 5;
const widest = 180;

/** Failures of tests in vitest's JSON report: `{ where, name, tookMs, message }` each, in the report's order. */
export function vitestFailures(report, root) {
  return report.testResults.flatMap(({ name: path, assertionResults }) => {
    const file = relative(root, path);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    return failed.map(({ fullName, duration, failureMessages }) => {
      const text = failureMessages[0] ?? '';
      return { where: placeIn(text, file), name: fullName, tookMs: duration, message: text };
    });
  });
}

/**
 * A reporter of vitest for what its JSON report leaves out: set-ups that failed, and errors outside of any test. They go
 * as failures into the file that HOWDAH_TEST_TROUBLE names.
 */
// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default class TroubleReporter {
  onTestRunEnd(modules, unhandled) {
    const setUps = modules.flatMap((module) => {
      const file = relative(process.cwd(), module.moduleId);
      return [module, ...module.children.allSuites()].flatMap((suite) =>
        suite.errors().map((error) => ofError(error, file, `${suite.fullName ?? ''} is not ready`.trim())),
      );
    });
    const outside = unhandled.map((error) => ofError(error, ownPlace(error.stack), 'an error outside of any test'));
    writeFileSync(process.env.HOWDAH_TEST_TROUBLE, JSON.stringify([...setUps, ...outside]));
  }
}

/** The file of ours in a stack, or nothing better than who found it. */
const ownPlace = (stack = '') =>
  /(?:tests|electron|shared|renderer)[\\/][^:()]*?\.tsx?(?=:\d+:\d+\)?\s*$)/m.exec(stack)?.[0] ?? 'vitest';

function ofError({ stack, message }, file, name) {
  const text = stack || message || '';
  return { where: placeIn(text, file), name, message: text };
}

/** Failures of Playwright's JSON report, as above; with what went wrong outside of any test. */
export function pageFailures(report, root) {
  const outside = report.errors.map(({ message, location }) => ({
    where: location ? placeOf(location, root) : 'playwright',
    name: 'outside of any test',
    message: message ?? '',
  }));
  return [...report.suites.flatMap((suite) => ofSuite(suite, [], root)), ...outside];
}

function ofSuite(suite, names, root) {
  const inner = (suite.suites ?? []).flatMap((each) => ofSuite(each, [...names, each.title], root));
  const own = suite.specs.flatMap(({ title, tests, file, line }) =>
    tests
      .filter(({ status }) => status === 'unexpected')
      .map(({ results }) => {
        const { duration, errors = [] } = results.at(-1) ?? {};
        // A test that ran out of time says so first, and only then what it was waiting for.
        const message = errors.map((error) => error.message).join('\n');
        const location = errors.find((error) => error.location)?.location;
        const where = location ? placeOf(location, root) : `${file}:${line}`;
        return { where, name: [...names, title].join(' '), tookMs: duration, message };
      }),
  );
  return [...own, ...inner];
}

const placeOf = ({ file, line }, root) => `${relative(root, file)}:${line}`;

/** The line of the test's own file in an error's stack, which says more than the line where the test begins. */
function placeIn(stack, file) {
  const line = stack
    .split('\n')
    .find((each) => /^\s+at /.test(each) && each.replaceAll(sep, '/').includes(file.replaceAll(sep, '/')));
  const number = line && /:(\d+):\d+\)?$/.exec(line.trim())?.[1];
  return number ? `${file}:${number}` : file;
}

/** The list, at most 58 lines: with many failures only the first line of each message, and then only their number. */
export function toldFailures(failures) {
  if (failures.length === 0) return [];
  const lines = ['', `Failed (${failures.length}):`];
  const each = Math.max(1, Math.min(mostOfMessage, Math.floor((mostLines - lines.length - 1) / failures.length) - 1));
  for (const [index, { where, name, tookMs, message }] of failures.entries()) {
    const took = tookMs === undefined ? '' : ` (${(tookMs / 1000).toFixed(1)} s)`;
    const told = [
      cut(`  ${where} ${name}${took}`),
      ...sense(message)
        .slice(0, each)
        .map((line) => cut(`      ${line}`)),
    ];
    if (lines.length + told.length >= mostLines) {
      lines.push(`  … and ${failures.length - index} more`);
      break;
    }
    lines.push(...told);
  }
  return lines;
}

/** A message without colours, empty lines, stacks and the log of a locator's attempts, which repeats itself for pages. */
function sense(message) {
  const lines = stripVTControlCharacters(message ?? '').split('\n');
  const logs = lines.findIndex((line) => /^\s*(Call log:|at .+:\d+:\d+\)?$)/.test(line));
  return (logs < 0 ? lines : lines.slice(0, logs)).map((line) => line.trimEnd()).filter(Boolean);
}

const cut = (line) => (line.length > widest ? `${line.slice(0, widest - 1)}…` : line);
