// The code on the screen of the room follows the clock: asked for again when its half minute is over. Without this, the page
// reloads itself (a meta element in <noscript>).

const code = document.getElementById("code");

/** Seconds until the next code, as the server counts them. @returns {number} */
const left = () => Math.min(30, Math.max(1, Number(code?.querySelector("[data-seconds]")?.getAttribute("data-seconds")) || 10));

const turn = async () => {
  if (!code) return;
  try {
    const answer = await fetch(`${location.pathname}?fragment=1`, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) code.innerHTML = await answer.text();
  } catch {
    // the network is away: what is shown stays, and we ask again
  }
  setTimeout(turn, left() * 1000);
};

setTimeout(turn, left() * 1000);
