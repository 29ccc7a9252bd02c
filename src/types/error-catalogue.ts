/** One entry an error: HTTP status, what happened, and what the person can do. Keep sorted by code. */
export type ErrorEntry = { readonly status: number; readonly title: string; readonly remedy: string };

/** Every code Steward can show. `docs/errors.md` is written from this table. */
export const ERRORS = {
  "ACT-404": {
    status: 404,
    title: "There is no such action.",
    remedy: "Check the id; it is on the card and in the answer's `actions`.",
  },
  "API-400": {
    status: 400,
    title: "The request could not be read.",
    remedy: "Send what `/api/openapi.json` describes; the detail names the field.",
  },
  "API-404": {
    status: 404,
    title: "There is nothing at this address.",
    remedy: "See `/api/openapi.json` for what there is.",
  },
  "API-500": {
    status: 500,
    title: "Something went wrong inside Steward.",
    remedy: "Try again; if it stays, give an administrator the code and the time.",
  },
  "APR-403": {
    status: 403,
    title: "You may not decide this.",
    remedy: "Ask one of the people named in the detail.",
  },
  "APR-404": {
    status: 404,
    title: "There is no such approval.",
    remedy: "List yours with `steward approvals --as you@company`.",
  },
  "APR-409": {
    status: 409,
    title: "This approval is closed or has changed.",
    remedy: "Open the card again: it shows who decided, or the newer version.",
  },
  "CAL-400": {
    status: 400,
    title: "A date or time could not be understood.",
    remedy: "Say it with a day and a time, for example 'tomorrow at 10:00'.",
  },
  "CAL-403": {
    status: 403,
    title: "This event is not yours to change.",
    remedy: "Ask the person who called the meeting; the detail names them.",
  },
  "CAL-404": {
    status: 404,
    title: "There is no such event in the calendar.",
    remedy: "Say its title, the person or the day, or list the day first.",
  },
  "CAL-410": {
    status: 422,
    title: "The time is in the past.",
    remedy: "Give a time from now on.",
  },
  "CAL-422": {
    status: 422,
    title: "An event cannot have these times.",
    remedy: "The end must come after the start, within 14 days, at times that exist.",
  },
  "CRM-404": {
    status: 404,
    title: "There is no such account or deal.",
    remedy: "Check the name, or list the deals first.",
  },
  "CRM-409": {
    status: 409,
    title: "There is nothing to change.",
    remedy: "Say a new amount, stage or closing date.",
  },
  "CRM-422": {
    status: 422,
    title: "The change does not fit the deal.",
    remedy: "The detail says what does not fit: the currency, the amount or the date.",
  },
  "DIR-404": {
    status: 404,
    title: "Nobody in the directory fits.",
    remedy: "Use the full name, the job title or the e-mail address.",
  },
  "MDL-503": {
    status: 503,
    title: "No model could answer.",
    remedy: "Try again in a minute; an administrator can look at `steward doctor`.",
  },
  "MSG-400": {
    status: 400,
    title: "The message is empty or not text.",
    remedy: "Write what you need in a sentence.",
  },
  "MSG-413": {
    status: 413,
    title: "The message is too long.",
    remedy: "Shorten it to 20,000 characters, or attach the text as a file.",
  },
  "REC-409": {
    status: 409,
    title: "The record changed in the meantime.",
    remedy: "Nothing was changed. Look at it again and repeat.",
  },
  "SES-404": {
    status: 404,
    title: "There is no such conversation, or it is not yours.",
    remedy: "Leave `--session` out to begin a new one.",
  },
  "STO-409": {
    status: 409,
    title: "Another process uses this data directory.",
    remedy: "Stop it, or choose another directory with `--data`.",
  },
  "TOL-400": {
    status: 400,
    title: "The arguments of a tool do not fit.",
    remedy: "Nothing was done. Say it in other words.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
