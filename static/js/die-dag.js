// Tell, while one fills in a day and a place, what else there is that day. Never in the way.

const VELDEN = ["datum", "kern", "lon", "lat", "plek_onbekend", "zaal", "doelgroep"];

function vrijeDagen(doos, datum) {
  for (const dag of doos.querySelectorAll("[data-vrije-dag]")) {
    const knop = document.createElement("button");
    knop.type = "button";
    knop.className = "kk-linkknop";
    knop.textContent = dag.textContent;
    knop.addEventListener("click", () => {
      datum.value = dag.dataset.vrijeDag;
      datum.dispatchEvent(new Event("input", { bubbles: true }));
      datum.dispatchEvent(new Event("change", { bubbles: true }));
      datum.focus();
    });
    dag.replaceChildren(knop);
  }
}

for (const form of document.querySelectorAll("form[data-die-dag]")) {
  const doos = form.querySelector("[data-die-dag-hier]");
  const datum = form.elements.namedItem("datum");
  let vraag = "";
  let lopend = null;

  const kijk = async () => {
    const gegevens = new FormData(form);
    const zoek = new URLSearchParams();
    for (const naam of VELDEN) if (gegevens.get(naam)) zoek.set(naam, gegevens.get(naam));
    if (form.dataset.behalve) zoek.set("behalve", form.dataset.behalve);
    if (vraag === zoek.toString()) return;
    vraag = zoek.toString();
    lopend?.abort();
    lopend = new AbortController();
    if (!zoek.has("datum")) return doos.replaceChildren();
    try {
      const antwoord = await fetch(`${form.dataset.dieDag}?${zoek}`, { signal: lopend.signal });
      if (!antwoord.ok || antwoord.redirected) return doos.replaceChildren();
      const blad = new DOMParser().parseFromString(await antwoord.text(), "text/html");
      doos.replaceChildren(...blad.body.childNodes);
      vrijeDagen(doos, datum);
    } catch { /* no answer: nothing to tell */ }
  };
  form.addEventListener("change", kijk);
  form.addEventListener("kk:hersteld", kijk);
  form.addEventListener("kk:plek", kijk);
  kijk();
}
