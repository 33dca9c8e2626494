import { useEffect, useState } from 'react';
import type { BackupChoice } from '../../../../shared/api/backups.ts';
import { type DumpFormat, type DumpTool, dumpSections } from '../../../../shared/api/dump-tool.ts';
import { Checkbox, Field, Segmented, Select, TextArea } from '../../../ui/field.tsx';

type PgDump = Extract<DumpTool, { program: 'pg_dump' }>;

const usualDump: PgDump = {
  program: 'pg_dump',
  format: 'custom',
  sections: [],
  tables: [],
  compression: 'gzip',
  level: 6,
  owners: true,
  grants: true,
  clean: false,
};
const usualAll: DumpTool = { program: 'pg_dumpall', what: 'globals', rolePasswords: true };

const formats: readonly { readonly value: DumpFormat; readonly label: string }[] = [
  { value: 'custom', label: 'Custom: one file, packed' },
  { value: 'directory', label: 'Directory: a folder, several connections' },
  { value: 'tar', label: 'Tar: one file, not packed' },
  { value: 'plain', label: 'Plain: SQL for psql' },
];
const formatHints: Readonly<Record<DumpFormat, string>> = {
  custom: 'Restored by pg_restore, whole or in parts',
  directory: 'Written and restored by several connections at once',
  tar: 'Restored by pg_restore; no part of it is packed',
  plain: 'Text that can be read; it is restored as a whole',
};

/** Whose backup it is: Howdah's own, which needs nothing, or that of PostgreSQL's programs. */
export function ProgramChoice({
  choice,
  onChoice,
}: {
  choice: BackupChoice;
  onChoice: (choice: BackupChoice) => void;
}) {
  return (
    <div className="flex items-center gap-2">
      <span className="text-xs font-medium text-muted">Made by</span>
      <Segmented
        label="Made by"
        value={choice.tool?.program ?? 'howdah'}
        options={[
          { value: 'howdah', label: 'Howdah' },
          { value: 'pg_dump', label: 'pg_dump' },
          { value: 'pg_dumpall', label: 'pg_dumpall' },
        ]}
        onValue={(value) => {
          const { tool: _, ...rest } = choice;
          if (value === 'howdah') onChoice(rest);
          else if (value === 'pg_dump') onChoice({ ...rest, tool: usualDump });
          else onChoice({ rows: 'all', jobs: rest.jobs, level: rest.level, tool: usualAll });
        }}
      />
    </div>
  );
}

/** The options of the program that was chosen; nothing for Howdah's own backup. */
export function ToolFields({ choice, onChoice }: { choice: BackupChoice; onChoice: (choice: BackupChoice) => void }) {
  const { tool } = choice;
  if (!tool) return null;
  if (tool.program === 'pg_dumpall')
    return <DumpAllFields tool={tool} onTool={(next) => onChoice({ ...choice, tool: next })} />;
  const set = (change: Partial<PgDump>) => onChoice({ ...choice, tool: { ...tool, ...change } });
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3">
        <Field label="Format" hint={formatHints[tool.format]}>
          {(ids) => <Select {...ids} value={tool.format} options={formats} onValue={(format) => set({ format })} />}
        </Field>
        {tool.format === 'directory' && (
          <Field label="Connections at once" hint="All of them see the same snapshot">
            {(ids) => (
              <Select
                {...ids}
                value={String(choice.jobs)}
                options={['1', '2', '4', '8'].map((value) => ({ value, label: value }))}
                onValue={(jobs) => onChoice({ ...choice, jobs: Number(jobs) })}
              />
            )}
          </Field>
        )}
        {(tool.format === 'custom' || tool.format === 'directory') && <CompressionField tool={tool} set={set} />}
      </div>
      <div className="flex flex-wrap gap-x-5 gap-y-1.5">
        {dumpSections.map((section) => (
          <Checkbox
            key={section}
            label={sectionWords[section]}
            checked={tool.sections.length === 0 || tool.sections.includes(section)}
            onChange={(event) => {
              const now = tool.sections.length === 0 ? [...dumpSections] : tool.sections;
              const next = event.currentTarget.checked ? [...now, section] : now.filter((one) => one !== section);
              if (next.length > 0) set({ sections: next.length === dumpSections.length ? [] : next });
            }}
          />
        ))}
        <Checkbox
          label="Owners"
          checked={tool.owners}
          onChange={(event) => set({ owners: event.currentTarget.checked })}
        />
        <Checkbox
          label="Grants"
          checked={tool.grants}
          onChange={(event) => set({ grants: event.currentTarget.checked })}
        />
        {tool.format === 'plain' && (
          <Checkbox
            label="Drop each thing before it is made"
            checked={tool.clean}
            onChange={(event) => set({ clean: event.currentTarget.checked })}
          />
        )}
      </div>
      <TablesField tables={tool.tables} onTables={(tables) => set({ tables })} />
    </div>
  );
}

const sectionWords = {
  'pre-data': 'Definitions',
  data: 'Rows',
  'post-data': 'Indexes, keys and triggers',
} as const;

const packings = [
  { value: 'gzip 1', label: 'gzip, fast' },
  { value: 'gzip 6', label: 'gzip' },
  { value: 'gzip 9', label: 'gzip, smallest' },
  { value: 'lz4 1', label: 'lz4 (since pg_dump 16)' },
  { value: 'zstd 3', label: 'zstd (since pg_dump 16)' },
  { value: 'none 0', label: 'None' },
] as const;

function CompressionField({ tool, set }: { tool: PgDump; set: (change: Partial<PgDump>) => void }) {
  const value = `${tool.compression} ${tool.level}`;
  const known = packings.some((one) => one.value === value);
  return (
    <Field label="Compression">
      {(ids) => (
        <Select
          {...ids}
          value={value}
          options={known ? packings : [...packings, { value, label: value }]}
          onValue={(text) => {
            const [compression, level] = text.split(' ') as [PgDump['compression'], string];
            set({ compression, level: Number(level) });
          }}
        />
      )}
    </Field>
  );
}

/** Kept as it is typed; an empty line is no table. */
function TablesField({ tables, onTables }: { tables: readonly string[]; onTables: (tables: string[]) => void }) {
  const [text, setText] = useState(() => tables.join('\n'));
  useEffect(() => {
    if (tables.length === 0) setText((now) => (now.trim() === '' ? now : ''));
  }, [tables.length]);
  return (
    <Field
      label="Only these tables"
      hint="One a line, with its schema, quoted as in SQL where it has to be. Empty: all."
    >
      {(ids) => (
        <TextArea
          {...ids}
          mono
          rows={2}
          placeholder={'shop.orders'}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            onTables(
              event.currentTarget.value
                .split('\n')
                .map((line) => line.trim())
                .filter((line) => line !== ''),
            );
          }}
        />
      )}
    </Field>
  );
}

function DumpAllFields({
  tool,
  onTool,
}: {
  tool: Extract<DumpTool, { program: 'pg_dumpall' }>;
  onTool: (tool: DumpTool) => void;
}) {
  return (
    <div className="flex flex-col gap-3">
      <Field label="What" hint="As plain SQL for psql; it belongs to no single database" className="max-w-80">
        {(ids) => (
          <Select
            {...ids}
            value={tool.what}
            options={[
              { value: 'globals', label: 'Roles and tablespaces' },
              { value: 'roles', label: 'Roles' },
              { value: 'tablespaces', label: 'Tablespaces' },
              { value: 'all', label: 'Everything: all databases too' },
            ]}
            onValue={(what) => onTool({ ...tool, what })}
          />
        )}
      </Field>
      {tool.what !== 'tablespaces' && (
        <Checkbox
          label="With the hashes of the roles’ passwords"
          hint="Only a superuser may read them."
          checked={tool.rolePasswords}
          onChange={(event) => onTool({ ...tool, rolePasswords: event.currentTarget.checked })}
        />
      )}
    </div>
  );
}
