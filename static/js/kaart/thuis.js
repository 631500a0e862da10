// The home page: filtering, panning and choosing are one request each; the address is the state.
import { KK } from "./basis.js";

const form = document.getElementById("zoekform");
const pad = new URL(form.action).pathname; // of the own gemeente, or of the whole country
const lijst = document.getElementById("lijst");
const pagina = document.querySelector(".kk-thuis");
const laden = document.getElementById("laden");
const storing = document.getElementById("storing");
const smal = window.matchMedia("(max-width: 959px)");
const STIL_MS = 150; // wait for the map to stand still
let bezig = null; // the running request
let map = null;
let zelf = false; // the map moves because we moved it
let getoond = window.location.search; // what the page shows now
let terug = ""; // what gets the focus when the card closes, as a selector: the list is made anew

const deel = (naam) => document.querySelectorAll(`[data-deel="${naam}"]`);
const vraag = () => new URLSearchParams(window.location.search);

/** The address of a form without what is default. */
function uitForm() {
  const args = new URLSearchParams(new FormData(form));
  for (const [naam, waarde] of [...args]) if (!waarde) args.delete(naam, waarde);
  const lagen = document.querySelectorAll('input[name="laag"]');
  if ([...lagen].every((laag) => laag.checked)) args.delete("laag");
  if (args.get("wanneer") !== "zelf") ["van", "tot"].forEach((naam) => args.delete(naam));
  if (args.get("wanneer") === "kwartaal") args.delete("wanneer");
  return args;
}

/** Make the form say what the address says. */
function naarForm(args) {
  for (const veld of form.elements) {
    if (veld.name === "laag") veld.checked = !args.has("laag") || args.getAll("laag").includes(veld.value);
    else if (veld.name) veld.value = args.get(veld.name) ?? (veld.name === "wanneer" ? "kwartaal" : "");
  }
  zelfDagen();
}

function zelfDagen() {
  const zelfGekozen = form.elements.wanneer.value === "zelf";
  document.getElementById("vantot").toggleAttribute("data-dicht", !zelfGekozen);
  return zelfGekozen;
}

/** Ask the parts that belong to an address and put them in the page. */
async function haal(args, { hoe = "push", kijk = false, stil = false, anker = window.location.hash } = {}) {
  bezig?.abort();
  bezig = new AbortController();
  const { signal } = bezig;
  const adres = `?${args}`;
  getoond = args.size ? adres : "";
  if (hoe === "push") history.pushState(null, "", (args.size ? adres : pad) + anker);
  if (hoe === "vervang") history.replaceState(null, "", (args.size ? adres : pad) + anker);
  const wacht = stil ? 0 : setTimeout(() => {
    lijst.replaceChildren(laden.content.cloneNode(true));
  }, 300);
  try {
    const antwoord = await fetch(`${form.dataset.deelUrl}${adres}`, { signal, headers: { Accept: "text/html" } });
    // an error is told by the page itself, beside its field
    if (!antwoord.ok) return window.location.assign(`${pad}${adres}${anker}`);
    zet(new DOMParser().parseFromString(await antwoord.text(), "text/html"), kijk);
  } catch (fout) {
    if (fout.name === "AbortError") return undefined;
    lijst.replaceChildren(storing.content.cloneNode(true));
    lijst.querySelector("a").href = `${pad}${adres}${anker}`;
  } finally {
    clearTimeout(wacht);
  }
  return undefined;
}

function zet(nieuw, kijk) {
  for (const bron of nieuw.querySelectorAll("[data-deel]:not(script)")) {
    for (const doel of deel(bron.dataset.deel)) {
      doel.replaceChildren(...[...bron.childNodes].map((knoop) => document.importNode(knoop, true)));
    }
  }
  const data = JSON.parse(nieuw.querySelector("script[data-deel]").textContent);
  const filters = document.querySelector(".kk-wissel__woord");
  const aantal = ["kern", "soort", "wanneer"].filter((naam) => vraag().get(naam)).length;
  if (filters) filters.textContent = aantal ? `Filters (${aantal})` : "Filters";
  if (!map) return;
  if (kijk && data.kader) verplaats(() => KK.kijkVolgens(map, data));
  KK.toon(map, data);
}

/** Move the map ourselves: no request follows. */
function verplaats(doe) {
  zelf = true;
  doe();
  zelf = false;
}

function kies(sleutel, { anker } = {}) {
  const args = vraag();
  if (sleutel) args.set("gekozen", sleutel);
  else args.delete("gekozen");
  if (map) KK.kies(map, sleutel || null);
  return haal(args, { hoe: "vervang", stil: true, anker }).then(() => {
    const rij = sleutel && document.getElementById(sleutel);
    if (rij?.offsetParent) rij.scrollIntoView({ block: "nearest" });
    return rij;
  });
}

function sluit() {
  const waar = terug;
  kies("").then(() => {
    const doel = waar && document.querySelector(waar);
    (doel?.offsetParent ? doel : map?.getContainer() ?? lijst).focus();
  });
}

function filter(hoe) {
  return haal(uitForm(), { hoe, kijk: true });
}

form.addEventListener("submit", (gebeurtenis) => {
  gebeurtenis.preventDefault();
  filter("push");
});
document.addEventListener("change", ({ target }) => {
  if (target.form !== form || target.name === "q") return;
  if (target.name === "wanneer" && zelfDagen()) return form.elements.van.focus();
  if (target.name === "laag") {
    const args = uitForm();
    for (const naam of ["kader", "zoom"]) if (vraag().has(naam)) args.set(naam, vraag().get(naam));
    return haal(args, { hoe: "push" });
  }
  filter("push");
});
window.addEventListener("popstate", () => {
  wissel();
  if (window.location.search === getoond) return; // only list or map
  naarForm(vraag());
  haal(vraag(), { hoe: "niet", kijk: true });
});

document.addEventListener("click", (gebeurtenis) => {
  const link = gebeurtenis.target.closest?.("a");
  if (!link || gebeurtenis.ctrlKey || gebeurtenis.metaKey || gebeurtenis.shiftKey) return;
  if ("kies" in link.dataset) {
    gebeurtenis.preventDefault();
    if (!link.dataset.kies) return sluit();
    const sleutel = link.dataset.kies;
    kies(sleutel, { anker: "#kaart" }).then(() => {
      wissel();
      terug = `[data-kies="${CSS.escape(sleutel)}"]`;
      const ding = KK.data(map).dingen.find((d) => d.sleutel === sleutel);
      if (ding?.l && map) verplaats(() => KK.zorgInBeeld(map, ding.l));
      document.querySelector(".kk-onderkaart a")?.focus();
    });
  } else if ("deelurl" in link.dataset || link.closest("[data-meer]") || "heel" in link.dataset) {
    gebeurtenis.preventDefault();
    const args = new URL(link.href).searchParams;
    const heel = "heel" in link.dataset;
    const rijen = lijst.querySelectorAll(".kk-rij").length;
    haal(args, { hoe: heel ? "push" : "vervang", kijk: heel, stil: true }).then(() => {
      if (link.closest("[data-meer]")) lijst.querySelectorAll(".kk-rij a")[0]; // keep the page still
      const eerste = [...lijst.querySelectorAll(".kk-rij")][rijen];
      if (link.dataset.deelurl === undefined && !heel) eerste?.querySelector("a")?.focus();
    });
  }
});
document.addEventListener("keydown", (gebeurtenis) => {
  if (gebeurtenis.key === "Escape" && document.querySelector(".kk-onderkaart")) sluit();
});
for (const [aan, uit] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  lijst.addEventListener(aan, ({ target }) => {
    const rij = target.closest(".kk-rij");
    if (map && rij) KK.wijs(map, rij.id);
  });
  lijst.addEventListener(uit, () => map && KK.wijs(map, null));
}

// on a phone: list or map
function wissel() {
  const kaart = window.location.hash === "#kaart";
  pagina.classList.toggle("toont-kaart", kaart);
  if (kaart && smal.matches) requestAnimationFrame(() => window.scrollTo(0, 0));
}
window.addEventListener("hashchange", wissel);
wissel();
const knop = document.querySelector("[data-filters]");
knop?.addEventListener("click", () => {
  const open = form.classList.toggle("toont-filters");
  knop.setAttribute("aria-expanded", String(open));
});

map = await KK.kaart;
let rust = 0;
let maat = map.getSize();
const vanMap = () => {
  // another size of the window is no wish to see something else
  const gegroeid = !map.getSize().equals(maat) && !vraag().has("kader");
  maat = map.getSize();
  if (zelf || gegroeid || !maat.x) return; // out of sight it has no bounds
  clearTimeout(rust);
  rust = setTimeout(() => {
    const args = vraag();
    const b = map.getBounds();
    const kader = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()];
    args.set("kader", kader.map((graad) => graad.toFixed(5)).join(","));
    args.set("zoom", map.getZoom());
    for (const naam of ["aantal", "vanaf"]) args.delete(naam);
    haal(args, { hoe: "vervang", stil: true });
  }, STIL_MS);
};
map.on("moveend", vanMap);
map.on("kk:kies", ({ sleutel }) => {
  terug = "";
  kies(sleutel);
});
map.on("kk:groep", (groep) => {
  const kern = groep.kern && KK.kernKader(map, groep.kern);
  const kader = kern ?? groep.kader;
  if (map.getZoom() >= map.getMaxZoom() - 1) return lijst.focus();
  if (kader) KK.kijk(map, kader, 19);
  else KK.kijkNaar(map, groep.l, Math.min(map.getZoom() + 2, map.getMaxZoom()));
});
