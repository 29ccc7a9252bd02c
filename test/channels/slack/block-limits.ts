/**
 * Block Kit's limits as its reference pages give them (docs.slack.dev/reference/block-kit), in characters as Slack
 * counts them (code points), and the two of a message that are not documented (see `whole`).
 */
export const BLOCK_LIMITS = {
  id: 255,
  text: 3_000,
  url: 3_000,
  button: { text: 75, value: 2_000, label: 75 },
  confirm: { title: 100, text: 300, button: 30 },
  option: { text: 75, value: 150, description: 75, url: 3_000 },
  group: { label: 75, options: 100 },
  select: { placeholder: 150, options: 100, groups: 100 },
  overflow: 5,
  checkboxes: 10,
  radio: 10,
  input: { label: 2_000, hint: 2_000, text: 3_000, files: 10 },
  actions: 25,
  alert: 200,
  card: { title: 150, subtitle: 150, body: 200, subtext: 200, actions: 3 },
  carousel: 10,
  container: { title: 150, subtitle: 150, blocks: 10 },
  context: 10,
  contextActions: 5,
  iconButtonUsers: 10,
  dataTable: { rows: 201, columns: 20, page: 100, text: 20_000 },
  chart: { title: 50, segments: 12, label: 20, series: 12, points: 20, axis: 50 },
  header: 150,
  image: { url: 3_000, alt: 2_000, title: 2_000 },
  markdown: 12_000,
  section: { text: 3_000, fields: 10, field: 2_000 },
  table: { rows: 100, columns: 20, text: 10_000 },
  video: { alt: 200, title: 200, author: 50, description: 200, provider: 50 },
  view: { blocks: 100, metadata: 3_000, callback: 255, title: 24, button: 24 },
  /** Over a message: as much as was seen to be taken with two blocks, and what a block counts (bolt-js #2509). */
  whole: { blocks: 50, text: 12_000, all: 13_172, block: 125, fallback: 4_000, tables: 1 },
} as const;
