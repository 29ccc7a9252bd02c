/** A short quiet tone, and the browser's own notice of requests that came while nobody looked. */
export function ring(requests: readonly string[], wishes: { sound: boolean; notify: boolean }): void {
  if (wishes.sound) {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.setValueAtTime(0.06, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.25);
    tone.frequency.value = 660;
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.25);
    tone.onended = () => void audio.close();
  }
  if (!wishes.notify || !("Notification" in globalThis) || Notification.permission !== "granted") return;
  for (const request of requests.slice(0, 3)) {
    try {
      const notice = new Notification("Steward", { body: request.slice(0, 160), tag: request.slice(0, 160) });
      notice.onclick = () => {
        window.focus();
        notice.close();
      };
    } catch {
      // Some phones only let a service worker show them; the badge says it then.
    }
  }
}
