/** The chat's style sheets as text, made by `bundle.ts`; that of the panels comes with them. */
declare module "steward:chat.css" {
  export const css: string;
}
declare module "steward:panel.css" {
  export const css: string;
}
