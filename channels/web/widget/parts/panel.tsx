import { useId } from "preact/hooks";
import { useVoice } from "../text/texts.ts";
import { Icon } from "./icon.tsx";
import { useFocusTrap } from "./panel-hooks.ts";

type Props = {
  title: string;
  note?: string | undefined;
  isWide?: boolean;
  onClose: () => void;
  children: preact.ComponentChildren;
};

/** A sheet over the chat: holds the focus, gives it back, closes with Esc. */
export function Panel({ title, note, isWide, onClose, children }: Props) {
  const { t } = useVoice();
  const box = useFocusTrap(onClose);
  const titleId = useId();
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: Esc does the same by keyboard */}
      <div class="scrim" onClick={onClose} />
      <div
        class={isWide ? "panel broad" : "panel"}
        role="dialog"
        aria-modal="true"
        aria-labelledby={titleId}
        ref={box}
        tabIndex={-1}
      >
        <header>
          <div>
            <h2 id={titleId}>
              <bdi>{title}</bdi>
            </h2>
            {note !== undefined && <p class="meta">{note}</p>}
          </div>
          <button
            type="button"
            class="icon-button"
            aria-label={t("close")}
            title={`${t("close")} (Esc)`}
            onClick={onClose}
            data-first
          >
            <Icon name="x" size={20} />
          </button>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <div class="panel-body" tabIndex={0}>
          {children}
        </div>
      </div>
    </>
  );
}
