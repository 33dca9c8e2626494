/** The editor's bundle could not be read: an update replaced the files, or the link to the host is gone. */
export function Failed({ thrown }: { thrown: unknown }) {
  return (
    <div role="alert" className="flex h-full flex-col items-center justify-center gap-1 bg-surface text-sm text-muted">
      <p className="text-ink">The editor could not be loaded.</p>
      <p>{thrown instanceof Error ? thrown.message : String(thrown)}</p>
      <p>Nothing is lost: reload the window.</p>
    </div>
  );
}
