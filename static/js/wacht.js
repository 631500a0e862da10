// A page that waits for the worker: look now and then, and show what there is once it is done.

const OM_DE_MS = 2000;
const HOOGSTENS = 60; // after two minutes the link is there

async function kijk(keer) {
  const doc = await fetch(location.href, { credentials: "same-origin" })
    .then((antwoord) => (antwoord.ok ? antwoord.text() : ""))
    .catch(() => "");
  if (doc && !doc.includes("data-wacht")) {
    location.reload();
  } else if (keer < HOOGSTENS) {
    setTimeout(kijk, OM_DE_MS, keer + 1);
  }
}

if (document.querySelector("[data-wacht]")) setTimeout(kijk, OM_DE_MS, 1);
