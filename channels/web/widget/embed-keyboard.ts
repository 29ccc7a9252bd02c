/** On a phone the keyboard covers what the page does not know of: the chat ends where it begins. */
export function sizeToKeyboard(slot: HTMLElement): () => void {
  const view = window.visualViewport;
  const panel = slot.parentElement;
  if (view === null || panel === null) return () => {};
  const follow = () => {
    const isFull = innerWidth < 480;
    panel.style.setProperty("height", isFull ? `${view.height}px` : "");
    panel.style.setProperty("top", isFull ? `${view.offsetTop}px` : "", isFull ? "important" : "");
  };
  follow();
  view.addEventListener("resize", follow);
  view.addEventListener("scroll", follow);
  return () => {
    view.removeEventListener("resize", follow);
    view.removeEventListener("scroll", follow);
  };
}
