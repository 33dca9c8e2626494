import { procedures } from '../../procedures.ts';
import { instanceId, type WorkspaceStore } from '../../store/workspace.ts';

/** How a page is named as the holder of a workspace: this running program and the page's line to it. */
export const holderOf = (clientId: string): string => `${instanceId}:${clientId}`;

/** The procedures that keep what is open. The host calls `workspaces.release(holderOf(clientId))` when a page is gone. */
export const workspaceProcedures = ({ workspaces }: { workspaces: WorkspaceStore }) => ({
  open: procedures.workspace.open.handler(({ input, context }) =>
    workspaces.open(input.wanted, holderOf(context.clientId)),
  ),
  saveTabs: procedures.workspace.saveTabs.handler(({ input }) => workspaces.saveTabs(input.windowId, input.tabs)),
  saveText: procedures.workspace.saveText.handler(({ input }) => ({ savedAtMs: workspaces.saveText(input) })),
  saveLayout: procedures.workspace.saveLayout.handler(({ input }) =>
    workspaces.saveLayout(input.windowId, input.layout),
  ),
  closed: procedures.workspace.closed.handler(({ input }) => workspaces.closed(input.limit)),
  text: procedures.workspace.text.handler(({ input }) => workspaces.text(input.tabId)),
  versions: procedures.workspace.versions.handler(({ input }) => workspaces.versions(input.tabId)),
});
