// Asks the server whether the book has changed, and shows the new page when nothing plays.

const root = document.documentElement;
window.setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch("/version", { cache: "no-store" });
    const version = answer.ok ? await answer.text() : root.dataset.version;
    if (version !== root.dataset.version && root.dataset.playing !== "true") window.location.reload();
  } catch {
    return; // the server has ended; what is shown stays
  }
}, 1000);
