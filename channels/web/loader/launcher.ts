/**
 * The look of the button and of the frame around the chat. What a page says of its own elements reaches the host
 * element too; rules that are important in a shadow tree win over the page's important ones (CSS Cascading 5,
 * §6.1), so everything of the host that must hold is said so.
 */
export const LAUNCHER_CSS = `
:host{all:initial!important;display:block!important;position:fixed!important;z-index:2147483000!important;inset:auto 20px 20px auto!important;width:auto!important;height:auto!important;color-scheme:light dark!important;visibility:visible!important;opacity:1!important;pointer-events:auto!important;transform:none!important;filter:none!important;font:15px/22px system-ui,sans-serif!important}
:host([data-left]){inset:auto auto 20px 20px!important}
:host([data-theme=light]){color-scheme:light!important}
:host([data-theme=dark]){color-scheme:dark!important}
:host([data-accent]){--steward-on-accent:oklch(from var(--steward-accent) clamp(0,(.66 - l)*1000,1) 0 0)}
:host([data-inline]){position:relative!important;z-index:auto!important;inset:auto!important;width:100%!important;height:100%!important;min-height:320px!important}
.launcher{all:unset;position:relative;box-sizing:border-box;display:grid;place-items:center;width:56px;height:56px;border-radius:50%;cursor:pointer;background:var(--steward-accent,light-dark(#2657b3,#93b5ff));color:var(--steward-on-accent,light-dark(#fff,#0d1a33));box-shadow:0 4px 16px rgb(0 0 0/.25)}
.launcher:focus-visible{outline:3px solid Highlight;outline-offset:3px}
.launcher span{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;box-sizing:border-box;padding:0 6px;border-radius:11px;background:#ab2319;color:#fff;font:600 13px/22px system-ui,sans-serif;text-align:center}
.launcher span:empty{display:none}
.panel{position:fixed;inset:auto 20px 88px auto;box-sizing:border-box;width:400px;height:640px;max-width:calc(100vw - 40px);max-height:calc(100dvh - 108px);overflow:hidden;border-radius:var(--steward-radius,12px);background:var(--steward-surface,light-dark(#fff,#16181d));color:light-dark(#1a1d22,#e8eaed);box-shadow:0 8px 28px light-dark(rgb(20 28 40/.18),rgb(0 0 0/.65))}
.panel>div{height:100%}
:host([data-left]) .panel{inset:auto auto 88px 20px}
:host([data-state=closed]) .panel{display:none}
:host([data-inline]) .panel{position:absolute;inset:0;width:100%;height:100%;max-width:none;max-height:none;box-shadow:none}
@media(width<480px){:host(:not([data-inline])) .panel{inset:0!important;width:100%;height:100dvh;max-width:none;max-height:none;border-radius:0}:host([data-state=open]:not([data-inline])) .launcher{display:none}}
@media(forced-colors:active){.launcher{border:2px solid ButtonText}}
`;

const SVG = "http://www.w3.org/2000/svg";

/** A speech bubble, made without HTML text: pages may demand Trusted Types. */
export function launcherIcon(): SVGElement {
  const icon = document.createElementNS(SVG, "svg");
  const path = icon.appendChild(document.createElementNS(SVG, "path"));
  const set = (element: Element, values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  };
  set(icon, { viewBox: "0 0 24 24", width: "26", height: "26", fill: "none", stroke: "currentColor" });
  set(icon, { "stroke-width": "2", "stroke-linejoin": "round", "aria-hidden": "true" });
  set(path, { d: "M4 5h16v11H10l-5 4v-4H4z" });
  return icon;
}
