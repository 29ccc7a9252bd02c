/** The place of a conversation on a platform. */
export type ThreadRef = {
  readonly channel: "web" | "cli" | "slack" | "teams";
  /** Workspace, tenant or, on the web, the person's id. */
  readonly conversation: string;
  /** The thread in it; on the web and the command line, the session id. */
  readonly thread: string;
};
