import type { StoredRecord } from "../../src/types/record.ts";

export const ACCOUNT = "crm.account";
export const CONTACT = "crm.contact";
export const DEAL = "crm.deal";
export const NOTE = "crm.note";

/** Stages of a deal, in the order in which a sale goes. */
export const STAGES = ["prospect", "qualified", "proposal", "negotiation", "won", "lost"] as const;
export type Stage = (typeof STAGES)[number];

export function isOpen(stage: Stage): boolean {
  return stage !== "won" && stage !== "lost";
}

/** A customer, as the CRM keeps it. */
export type Account = {
  readonly name: string;
  readonly industry: string;
  readonly city: string;
  readonly country: string;
  readonly website: string;
  /** E-mail of the colleague who looks after it. */
  readonly owner: string;
};

export type Contact = {
  /** Id of the account. */
  readonly account: string;
  readonly name: string;
  readonly title: string;
  readonly email: string;
  readonly phone: string;
};

export type Deal = {
  /** Id of the account. */
  readonly account: string;
  readonly title: string;
  /** E-mail of the colleague whose deal it is. */
  readonly owner: string;
  readonly stage: Stage;
  /** Minor units of the currency (cents, pence). */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
  /** ISO date on which it should close, or did. */
  readonly closeOn: string;
};

export type Note = {
  /** Id of the account. */
  readonly account: string;
  /** E-mail of who wrote it, or of whose letter it quotes. */
  readonly author: string;
  /** ISO instant. */
  readonly at: string;
  readonly body: string;
};

export type AccountRecord = StoredRecord<Account>;
export type ContactRecord = StoredRecord<Contact>;
export type DealRecord = StoredRecord<Deal>;
