// A check that is under way: its row is looked at again until it has ended. Without script there is a link that does the same.

const EVERY_MS = 3000;

const look = async () => {
  const box = document.getElementById("check-rows");
  if (!box?.dataset.poll) return;
  try {
    const answer = await fetch(box.dataset.poll, { redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("check-rows");
    if (answer.ok && fresh) box.replaceWith(document.adoptNode(fresh));
  } catch {
    // not connected: the next look may be
  }
  setTimeout(() => void look(), EVERY_MS);
};

setTimeout(() => void look(), EVERY_MS);
