// Keep what is typed in <form data-concept="key"> on this device until it has been sent.
// Survives an error, an expired login, a closed tab. A page with data-concept-klaar="key" clears it.

const VOOR = "kernenkaart-concept:";
const BEWAAR_MS = 30 * 24 * 3600 * 1000;
const WACHT_MS = 250;
const SVG = "http://www.w3.org/2000/svg";
const NOOIT = new Set(["password", "file", "submit", "button", "image", "reset"]);

const tijd = new Intl.DateTimeFormat("nl-NL", { hour: "numeric", minute: "2-digit" });
const klok = (op) => tijd.format(op).replace(":", ".");

function lees(sleutel) {
  try {
    return JSON.parse(localStorage.getItem(VOOR + sleutel));
  } catch {
    return null;
  }
}

/** Whether it truly stands on this device now. */
function schrijf(sleutel, concept) {
  const tekst = JSON.stringify(concept);
  try {
    localStorage.setItem(VOOR + sleutel, tekst);
    return localStorage.getItem(VOOR + sleutel) === tekst;
  } catch {
    return false;
  }
}

function wis(sleutel) {
  try {
    localStorage.removeItem(VOOR + sleutel);
  } catch { /* nothing was kept */ }
}

function ruimOp() {
  try {
    for (const naam of Object.keys(localStorage)) {
      if (!naam.startsWith(VOOR)) continue;
      const op = lees(naam.slice(VOOR.length))?.op ?? 0;
      if (Date.now() - op > BEWAAR_MS) localStorage.removeItem(naam);
    }
  } catch { /* no storage here */ }
}

const teBewaren = (veld) =>
  veld.name && veld.name !== "csrf_token" && !NOOIT.has(veld.type) && !("conceptNiet" in veld.dataset);
const aanUit = (veld) => veld.type === "checkbox" || veld.type === "radio";

function waarden(form) {
  const gevonden = {};
  for (const veld of form.elements) {
    if (!teBewaren(veld)) continue;
    (gevonden[veld.name] ??= []).push(aanUit(veld) ? veld.checked : veld.value);
  }
  return gevonden;
}

function vulIn(form, bewaard) {
  const aantal = {};
  for (const veld of form.elements) {
    if (!teBewaren(veld)) continue;
    const nummer = aantal[veld.name] ?? 0;
    aantal[veld.name] = nummer + 1;
    const waarde = bewaard[veld.name]?.[nummer];
    if (waarde === undefined) continue;
    if (aanUit(veld)) veld.checked = waarde;
    else veld.value = waarde;
  }
  form.dispatchEvent(new CustomEvent("kk:hersteld"));
}

function melding(form, begin) {
  const regel = document.createElement("p");
  regel.className = "kk-concept";
  regel.hidden = true;
  const tekst = document.createElement("span");
  tekst.setAttribute("role", "status");
  const knop = document.createElement("button");
  knop.type = "button";
  knop.className = "kk-linkknop";
  knop.textContent = "Begin opnieuw";
  knop.addEventListener("click", begin);
  const teken = document.querySelector('use[href*="tekens"]')?.getAttribute("href").split("#")[0];
  if (teken) {
    const svg = document.createElementNS(SVG, "svg");
    const use = document.createElementNS(SVG, "use");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${teken}#i-goed`);
    svg.append(use);
    regel.append(svg);
  }
  regel.append(tekst, " ", knop);
  form.prepend(regel);
  return (zin) => {
    regel.hidden = zin === "";
    if (tekst.textContent !== zin) tekst.textContent = zin;
  };
}

function volg(form) {
  const sleutel = form.dataset.concept;
  let leeg = JSON.stringify(waarden(form));
  let wacht = 0;
  let gestopt = false;
  const zeg = melding(form, () => {
    gestopt = true;
    clearTimeout(wacht);
    wis(sleutel);
    location.assign(form.getAttribute("action") || location.href);
  });

  const bewaar = () => {
    clearTimeout(wacht);
    wacht = 0;
    if (gestopt) return;
    const velden = waarden(form);
    if (JSON.stringify(velden) === leeg && !lees(sleutel)) return;
    const op = Date.now();
    zeg(schrijf(sleutel, { op, velden }) ? `Bewaard op dit apparaat om ${klok(op)} uur.` : "");
  };
  const straks = () => {
    clearTimeout(wacht);
    wacht = setTimeout(bewaar, WACHT_MS);
  };
  form.addEventListener("input", straks);
  form.addEventListener("change", straks);
  form.addEventListener("submit", bewaar);
  // the last moment in which something can be kept
  addEventListener("pagehide", () => { if (wacht) bewaar(); });

  const bewaard = lees(sleutel);
  if ("conceptIngevuld" in form.dataset) {
    leeg = ""; // the server gave back what was sent: that is newer than what stands here
    bewaar();
  } else if (bewaard?.velden && JSON.stringify(bewaard.velden) !== leeg) {
    vulIn(form, bewaard.velden);
    zeg(`Bewaard op dit apparaat om ${klok(bewaard.op)} uur.`);
  }
}

for (const klaar of document.querySelectorAll("[data-concept-klaar]")) {
  if (klaar.dataset.conceptKlaar) wis(klaar.dataset.conceptKlaar);
}
ruimOp();
for (const form of document.querySelectorAll("form[data-concept]")) volg(form);
