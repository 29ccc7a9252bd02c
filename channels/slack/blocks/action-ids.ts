/** `action_id` of every control; the value of a button is an opaque id, see `ButtonIntent`. */
export const ACTION_IDS = {
  approve: "steward.approve",
  approveAll: "steward.approve_all",
  edit: "steward.edit",
  refuse: "steward.refuse",
  why: "steward.why",
  undo: "steward.undo",
  check: "steward.resolve.check",
  retry: "steward.resolve.retry",
  giveUp: "steward.resolve.give_up",
  openCard: "steward.open_card",
  showPrivate: "steward.show_private",
  feedback: "steward.feedback",
  /** A button with an address: Slack opens it and still wants the click acknowledged. */
  openLink: "steward.open_link",
  /** Home: where approvals are shown; the selected option's value is `direct` or `thread`. */
  place: "steward.place",
  /** Home: a channel for approvals; the selected conversation's id. */
  placeChannel: "steward.place_channel",
} as const;

/** `callback_id` of the modals. */
export const CALLBACK_IDS = {
  edit: "steward.edit_modal",
  refuse: "steward.refuse_modal",
  comment: "steward.comment_modal",
} as const;
