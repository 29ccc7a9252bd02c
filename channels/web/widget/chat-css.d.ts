/** The chat's style sheet as text, made by `bundle.ts`. */
declare module "steward:chat.css" {
  export const css: string;
}
