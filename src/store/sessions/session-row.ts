import type { Session } from "../../types/session.ts";

export type SessionRow = {
  id: string;
  channel: Session["thread"]["channel"];
  conversation: string;
  thread: string;
  principal: string;
  title: string;
  head: number;
  epoch: number;
};

export const SESSION_COLUMNS = "id, channel, conversation, thread, principal, title, head, epoch";

export function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    thread: { channel: row.channel, conversation: row.conversation, thread: row.thread },
    principal: row.principal,
    title: row.title,
    head: row.head,
    epoch: row.epoch,
  };
}
