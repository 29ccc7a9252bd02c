/** One entry an error: HTTP status, what happened, and what the person can do. Keep sorted by code. */
export type ErrorEntry = { readonly status: number; readonly title: string; readonly remedy: string };

/** Every code Steward can show. `docs/errors.md` is written from this table. */
export const ERRORS = {
  "ACT-403": {
    status: 403,
    title: "You may not do this to somebody else's action.",
    remedy: "Ask the person whose action it is.",
  },
  "ACT-404": {
    status: 404,
    title: "There is no such action.",
    remedy: "Check the id; it is on the card and in the answer's `actions`.",
  },
  "ACT-409": {
    status: 409,
    title: "The action is not in a state for this.",
    remedy: "Open its card: it says what happened and what can still be done.",
  },
  "API-400": {
    status: 400,
    title: "The request could not be read.",
    remedy: "Send what `/api/openapi.json` describes; the detail names the field.",
  },
  "API-403": {
    status: 403,
    title: "The request came by an address or from a page that is not this server's.",
    remedy:
      "Open Steward by the address it prints at the start, or have an administrator allow the other one.",
  },
  "API-404": {
    status: 404,
    title: "There is nothing at this address.",
    remedy: "See `/api/openapi.json` for what there is.",
  },
  "API-409": {
    status: 409,
    title: "The same request is still being worked on.",
    remedy:
      "Wait a moment and send it again with the same `Idempotency-Key`: you get the first one's answer.",
  },
  "API-413": {
    status: 413,
    title: "The request is too large.",
    remedy: "Send less at once; a file may have 20 MB.",
  },
  "API-415": {
    status: 415,
    title: "The request has a content type that is not read here.",
    remedy: "Send JSON as `application/json`, files as `application/octet-stream`.",
  },
  "API-422": {
    status: 422,
    title: "This `Idempotency-Key` was used for another request.",
    remedy: "Take a new key for each new request.",
  },
  "API-428": {
    status: 400,
    title: "A write needs an `Idempotency-Key`.",
    remedy:
      "Send a header `Idempotency-Key` with a new random value, and the same one when you repeat the request.",
  },
  "API-429": {
    status: 429,
    title: "That was a little fast.",
    remedy: "Wait as many seconds as `Retry-After` says and go on.",
  },
  "API-500": {
    status: 500,
    title: "Something went wrong inside Steward.",
    remedy: "Try again; if it stays, give an administrator the code and the time.",
  },
  "API-503": {
    status: 503,
    title: "Steward is starting or stopping.",
    remedy: "Try again in a few seconds.",
  },
  "APR-403": {
    status: 403,
    title: "You may not decide this.",
    remedy: "Ask one of the people who can decide it.",
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
  "APR-422": {
    status: 422,
    title: "The change does not fit.",
    remedy: "Nothing was changed. Mend the value that the detail names, or approve it as it is.",
  },
  "AUD-500": {
    status: 500,
    title: "The audit record could not be checked.",
    remedy: "Look at the file that the detail names; restore it from a copy.",
  },
  "AUTH-400": {
    status: 400,
    title: "Nobody was named to act for.",
    remedy: "Name a person with `--as` (HTTP: `X-Steward-As`).",
  },
  "AUTH-401": {
    status: 401,
    title: "You are not signed in, or the token is not valid.",
    remedy: "Send a token that has not ended; an administrator makes one with `steward token create`.",
  },
  "AUTH-403": {
    status: 403,
    title: "This is for administrators.",
    remedy: "Ask an administrator, or use an administrator's token.",
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
  "CAL-409": {
    status: 409,
    title: "There is nothing to change in the event.",
    remedy: "It is already as you asked; say another time or person.",
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
  "CHN-400": {
    status: 400,
    title: "A platform channel is not set up completely.",
    remedy: "Set what the detail names, or unset all of that platform's variables. See docs/channels.md.",
  },
  "CHN-403": {
    status: 403,
    title: "Teams without an app id is for this machine alone.",
    remedy: "Listen on 127.0.0.1 while STEWARD_TEAMS_LOCAL is set, or register an app and set TEAMS_APP_ID.",
  },
  "CHN-404": {
    status: 404,
    title: "The platform channel is not set up.",
    remedy: "Set its variables as docs/channels.md says, and start Steward again.",
  },
  "CHN-409": {
    status: 409,
    title: "You have another account of this workspace already.",
    remedy: "If that one is no longer yours, take it off in the list of your accounts and use a new link.",
  },
  "CHN-410": {
    status: 410,
    title: "The link was used already or has ended.",
    remedy: "Write to Steward on the platform again: it answers with a new link, good for 15 minutes.",
  },
  "CHN-422": {
    status: 422,
    title: "What the platform sent does not fit.",
    remedy: "Try it again; if it stays, give an administrator the code and the time.",
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
  "DLG-400": {
    status: 422,
    title: "The vote cannot be handed over like this.",
    remedy: "Name a colleague of the directory, and a time within the next 30 days.",
  },
  "DLG-403": {
    status: 403,
    title: "Policy does not let you hand your vote over.",
    remedy: "The detail says why; ask an administrator of the policies.",
  },
  "DLG-404": {
    status: 404,
    title: "There is no such delegation in force.",
    remedy: "See yours with `steward delegations --as you@company`.",
  },
  "DOC-400": {
    status: 400,
    title: "The document's front matter could not be read.",
    remedy:
      "Nothing was read in. Write `readers: [group, …]` and `sensitivity: internal`, one a line, between `---`.",
  },
  "DOC-404": {
    status: 404,
    title: "There is no such document, or you may not read it.",
    remedy: "Ask the people who keep it, or search for it by its title.",
  },
  "DOC-408": {
    status: 422,
    title: "Reading the document took too long.",
    remedy: "Nothing was read in. Save it in a simpler form (PDF with text, Word, markdown) and try again.",
  },
  "DOC-409": {
    status: 409,
    title: "The readers given and those the document names have nobody in common.",
    remedy: "Nothing was read in. Change `--readers` or the document's `readers`.",
  },
  "DOC-410": {
    status: 409,
    title: "The document changed while it was read in.",
    remedy: "Nothing was changed by this attempt. Read it in again.",
  },
  "DOC-413": {
    status: 413,
    title: "The document is too large.",
    remedy: "Split it: a file may have 20 MB and a document 5,000 passages.",
  },
  "DOC-415": {
    status: 415,
    title: "This kind of file cannot be read, or it is not what its name says.",
    remedy: "Take md, txt, html, pdf, docx or csv, with the ending that fits the content.",
  },
  "DOC-422": {
    status: 422,
    title: "The file is damaged or has no text in it.",
    remedy: "Open it to see whether it is whole; a scan needs text recognition first.",
  },
  "DOC-423": {
    status: 422,
    title: "The file is encrypted.",
    remedy: "Save it without a password and try again.",
  },
  "FIL-400": {
    status: 400,
    title: "The file is empty or has no usable name.",
    remedy: "Choose another file, or give it a name of up to 200 characters.",
  },
  "FIL-404": {
    status: 404,
    title: "There is no such file, or it is not yours.",
    remedy: "Attach it again.",
  },
  "FIL-413": {
    status: 413,
    title: "The file is larger than 20 MB.",
    remedy: "Send a smaller one, or split it.",
  },
  "GRT-404": {
    status: 404,
    title: "There is no such standing yes in force.",
    remedy: "See yours with `steward grants list --as you@company`.",
  },
  "IDN-400": {
    status: 400,
    title: "This page has not said who you are.",
    remedy: "Sign in to the page, or reload it; its owner calls `Steward.identify`.",
  },
  "IDN-401": {
    status: 401,
    title: "Your sign-in through this page has ended.",
    remedy: "It is renewed by itself; if not, reload the page or sign in to it again.",
  },
  "IDN-403": {
    status: 403,
    title: "This page may not show Steward, or not with this token.",
    remedy: "Have an administrator add the page's origin: `steward sites add --origin https://…`.",
  },
  "IDN-404": {
    status: 403,
    title: "The page signed in somebody whom Steward does not know.",
    remedy: "Ask an administrator to add the person to the directory: `steward people import`.",
  },
  "IDN-406": {
    status: 401,
    title: "The page's proof of who you are is not genuine.",
    remedy:
      "Have the page's owner check issuer, audience, secret and algorithm against `steward sites list`.",
  },
  "IDN-409": {
    status: 401,
    title: "This sign-in was ended, or was used before.",
    remedy: "Sign in to the page again.",
  },
  "IDN-410": {
    status: 404,
    title: "There is no such site.",
    remedy: "See those there are with `steward sites list`.",
  },
  "IDN-422": {
    status: 401,
    title: "The page's token is not made as it must be.",
    remedy:
      "It needs `iss`, `aud`, `sub` or `email`, `iat` and an `exp` at most 15 minutes later; docs/widget.md has a recipe.",
  },
  "IDN-423": {
    status: 422,
    title: "The site cannot be added like this.",
    remedy: "See `steward sites --help` and docs/widget.md.",
  },
  "IDN-500": {
    status: 500,
    title: "A site's secret cannot be read.",
    remedy: "Remove the site and add it again; its server then needs the new secret.",
  },
  "IDN-502": {
    status: 502,
    title: "The keys that prove who you are could not be fetched.",
    remedy: "Try again in a moment; if it stays, have an administrator check the address of the keys.",
  },
  "IDN-503": {
    status: 404,
    title: "Signing in with a company account is not set up here.",
    remedy: "Set STEWARD_OIDC_ISSUER, STEWARD_OIDC_CLIENT_ID and STEWARD_OIDC_CLIENT_SECRET.",
  },
  "INV-404": {
    status: 404,
    title: "There is no such invoice or file.",
    remedy: "Attach the file again, or name the invoice by its number; `invoice.list` shows what is booked.",
  },
  "INV-408": {
    status: 422,
    title: "Reading the file took too long or too much memory.",
    remedy: "Ask the sender for a plain PDF or an e-invoice, or type the invoice in.",
  },
  "INV-409": {
    status: 409,
    title: "The invoice is not in a state that allows this.",
    remedy: "The detail says what is missing: booking it first, or that it is already paid.",
  },
  "INV-413": {
    status: 413,
    title: "The file is too large to be read as an invoice.",
    remedy: "Send the invoice alone, at most 20 MB.",
  },
  "INV-415": {
    status: 415,
    title: "The file is not a PDF or an e-invoice.",
    remedy: "Attach the invoice as PDF or XML (UBL or CII).",
  },
  "INV-422": {
    status: 422,
    title: "The file is damaged.",
    remedy: "Ask the sender for it again.",
  },
  "INV-423": {
    status: 422,
    title: "The file is protected by a password.",
    remedy: "Ask the sender for a copy without one.",
  },
  "INV-424": {
    status: 422,
    title: "The PDF has no text layer.",
    remedy: "A person must type it in.",
  },
  "INV-425": {
    status: 422,
    title: "The XML declares a document type or entities and was refused unread.",
    remedy: "Ask the sender for an e-invoice without a DTD.",
  },
  "INV-426": {
    status: 422,
    title: "The file does not look like an invoice.",
    remedy: "If it is one, a person must type it in.",
  },
  "INV-427": {
    status: 422,
    title: "The invoice lacks what is needed to book or pay it.",
    remedy: "The detail says what was not found; a person must type it in.",
  },
  "MDL-400": {
    status: 502,
    title: "The model could not take the request.",
    remedy: "Shorten the message or begin a new conversation; an administrator can check the model's name.",
  },
  "MDL-401": {
    status: 502,
    title: "The model's key was refused.",
    remedy: "An administrator sets a valid key; until then another route answers.",
  },
  "MDL-429": {
    status: 503,
    title: "The model takes no more requests for now.",
    remedy: "Try again in a minute.",
  },
  "MDL-502": {
    status: 502,
    title: "The model failed or broke off its answer.",
    remedy: "Try again; if it stays, an administrator can look at `steward doctor`.",
  },
  "MDL-503": {
    status: 503,
    title: "No model could answer.",
    remedy: "Try again in a minute; an administrator can look at `steward doctor`.",
  },
  "MDL-504": {
    status: 504,
    title: "The model took too long.",
    remedy: "Try again, or ask for less at once.",
  },
  "MSG-400": {
    status: 400,
    title: "The message is empty or not text.",
    remedy: "Write what you need in a sentence.",
  },
  "MSG-404": {
    status: 404,
    title: "There is no such message, or it was not said to you.",
    remedy: "Judge one of Steward's messages in your own conversation.",
  },
  "MSG-413": {
    status: 413,
    title: "The message is too long.",
    remedy: "Shorten it to 20,000 characters, or attach the text as a file.",
  },
  "OUT-404": {
    status: 404,
    title: "There is no such message among those laid aside.",
    remedy: "List them with `steward outbox list`.",
  },
  "POL-404": {
    status: 404,
    title: "There is no such action in the policies.",
    remedy: "Take one of those that the detail names.",
  },
  "POL-422": {
    status: 422,
    title: "These policies cannot be loaded.",
    remedy: "Mend the file and line that the detail names. Nothing was changed.",
  },
  "POL-500": {
    status: 500,
    title: "The policies cannot be loaded.",
    remedy: "Run `steward policy check` and mend the file and line it names.",
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
  "SRV-403": {
    status: 403,
    title: "The demo does not listen beyond this machine.",
    remedy:
      "Leave `--host` out, or add `--allow-remote-demo` if everybody on that network may act as anyone.",
  },
  "SRV-409": {
    status: 409,
    title: "The address is taken by another program.",
    remedy: "Stop that program, or choose another port with `--port`.",
  },
  "STO-401": {
    status: 503,
    title: "The database server refused the user or the password.",
    remedy: "Correct `--database-url` (or STEWARD_DATABASE_URL); the server's log says which of them it was.",
  },
  "STO-404": {
    status: 404,
    title: "There is no installation or database of this name.",
    remedy: "Check `--data` and `--database-url`; `steward start` makes an installation where there is none.",
  },
  "STO-409": {
    status: 409,
    title: "Another process uses this data directory.",
    remedy: "Stop it, or choose another directory with `--data`.",
  },
  "STO-410": {
    status: 410,
    title: "This installation was moved to a database server.",
    remedy: "Start it with the `--database-url` that it was moved to; the detail names the server.",
  },
  "STO-412": {
    status: 412,
    title: "The place for the copy is not empty.",
    remedy: "Nothing was changed. Choose a directory or database that holds no installation.",
  },
  "STO-415": {
    status: 415,
    title: "The file is not a backup of Steward.",
    remedy: "Give a file that `steward backup` wrote.",
  },
  "STO-422": {
    status: 422,
    title: "The backup is damaged.",
    remedy: "Nothing was restored. Take another copy of it, or an older backup.",
  },
  "STO-423": {
    status: 423,
    title: "A restore into this directory was interrupted.",
    remedy: "Run `steward restore` again; it begins anew. Or empty the directory.",
  },
  "STO-426": {
    status: 426,
    title: "A newer version of Steward wrote this.",
    remedy: "Nothing was changed. Use that version or a later one.",
  },
  "STO-500": {
    status: 500,
    title: "The data directory is damaged.",
    remedy: "Keep the directory as it is for a second look, and restore the last backup into a new one.",
  },
  "STO-503": {
    status: 503,
    title: "The database cannot be reached.",
    remedy: "See that the server runs and that its address is right. What was accepted is kept.",
  },
  "STO-507": {
    status: 507,
    title: "The disk is full.",
    remedy: "Make room and start Steward again. What was acknowledged is kept.",
  },
  "TMS-400": {
    status: 500,
    title: "Microsoft Teams is not set up completely.",
    remedy:
      "Set what the detail names; docs/teams.md has every step. `steward doctor --channel teams` checks it.",
  },
  "TMS-403": {
    status: 500,
    title: "Teams without an app id would let anybody speak as anybody.",
    remedy:
      "Set the app id, secret and tenant. For a trial on this machine alone, bind to 127.0.0.1 and set the local flag.",
  },
  "TMS-410": {
    status: 410,
    title: "Teams will not take this message, however often it is sent.",
    remedy:
      "The detail says why: the app was removed, the conversation is gone, or the message does not fit.",
  },
  "TMS-503": {
    status: 503,
    title: "Teams could not be reached or asked to wait.",
    remedy: "It is sent again by itself. If it stays, run `steward doctor --channel teams`.",
  },
  "TOK-404": {
    status: 404,
    title: "There is no such token.",
    remedy: "List them with `steward token list`.",
  },
  "TOL-400": {
    status: 400,
    title: "The arguments of a tool do not fit.",
    remedy: "Nothing was done. Say it in other words.",
  },
  "TOL-413": {
    status: 413,
    title: "A tool's answer was too large.",
    remedy: "Ask for less of it: a shorter period, one account.",
  },
  "TOL-499": {
    status: 499,
    title: "The call was stopped before it ended.",
    remedy: "Look at the card: it says whether anything happened.",
  },
  "TOL-500": {
    status: 500,
    title: "A tool failed.",
    remedy: "Try again; if it stays, give an administrator the code and the time.",
  },
  "TOL-504": {
    status: 504,
    title: "A tool did not answer in time.",
    remedy: "Try again in a minute; the card says whether anything happened.",
  },
  "TRN-500": {
    status: 500,
    title: "The turn could not be finished.",
    remedy: "Ask again in other words; nothing further will be done for this message.",
  },
  "TRN-504": {
    status: 504,
    title: "The answer takes longer than you wanted to wait.",
    remedy: "The work goes on: open the conversation again in a minute.",
  },
  "TRN-508": {
    status: 508,
    title: "The turn took more steps than one message may.",
    remedy: "Ask for one thing at a time.",
  },
  "USR-403": {
    status: 403,
    title: "You are not in the directory.",
    remedy: "Ask an administrator to add you.",
  },
  "VEC-503": {
    status: 503,
    title: "The local encoder could not be run.",
    remedy: "Search goes on by words alone; an administrator can look at `steward doctor`.",
  },
  "VLT-400": {
    status: 400,
    title: "The key of the vault is not a key.",
    remedy: "Set STEWARD_VAULT_KEY to 32 random bytes in base64: `openssl rand -base64 32` makes them.",
  },
  "VLT-403": {
    status: 403,
    title: "The vault was sealed with another key.",
    remedy:
      "Set STEWARD_VAULT_KEY to the key it was sealed with; to change keys, set that one as STEWARD_VAULT_KEY_OLD.",
  },
  "VLT-412": {
    status: 412,
    title: "The vault needs a key that every process has.",
    remedy: "On a database server, set the same STEWARD_VAULT_KEY wherever Steward runs.",
  },
  "VLT-422": {
    status: 422,
    title: "A secret in the vault is damaged.",
    remedy: "Set the channel up again, so that it is sealed anew; or restore the last backup.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
