// <plek-kiezer>: a map and a search over the fields plek, kern, lon and lat. Without it they work.

import { KK } from "./kaart/basis.js";

const PLEKKEN = "/kaart/plekken"; // addresses, through our own server
const WACHT_MS = 300;
const DICHTBIJ = 16;

/** Rings of one kern, decoded: [[[lon, lat], …], …]. */
function ringen(kern, schaal) {
  return kern.ringen.map((getallen) => {
    let x = 0;
    let y = 0;
    const punten = [];
    for (let i = 0; i < getallen.length; i += 2) {
      x += getallen[i];
      y += getallen[i + 1];
      punten.push([x / schaal, y / schaal]);
    }
    return punten;
  });
}

/** Whether a point lies inside: odd number of crossings to the east. */
function binnen([lon, lat], alle) {
  let in_ = false;
  for (const ring of alle) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [x1, y1] = ring[i];
      const [x2, y2] = ring[j];
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) in_ = !in_;
    }
  }
  return in_;
}

class PlekKiezer extends HTMLElement {
  async connectedCallback() {
    this.form = this.closest("form");
    const veld = (naam) => this.form.elements.namedItem(naam);
    this.velden = { plek: veld("plek"), kern: veld("kern"), lon: veld("lon"), lat: veld("lat") };
    this.onbekend = veld("plek_onbekend");
    this.gekozen = this.querySelector("[data-plek-gekozen]");
    this.querySelector("[data-plek-kaart]").hidden = false;
    for (const tekst of this.form.querySelectorAll("[data-plek-met-kaart]")) tekst.hidden = false;
    this.zoekOp();
    this.kernen = [];
    for (const naam of ["lon", "lat"]) {
      this.velden[naam].addEventListener("change", () => this.toon({ kijk: true }));
    }
    this.velden.kern.addEventListener("change", () => this.naarKern());
    veld("zaal")?.addEventListener("change", ({ target }) => this.naarZaal(target));
    this.onbekend?.addEventListener("change", () => this.toon());
    this.form.addEventListener("kk:hersteld", () => this.toon({ kijk: true }));
    this.map = await KK.kaart;
    const url = this.querySelector("[data-kernen]")?.dataset.kernen;
    try {
      const { kernen, schaal } = await (await fetch(url)).json();
      this.kernen = kernen.map((kern) => ({ ...kern, vlak: ringen(kern, schaal) }));
    } catch { /* the place can be chosen all the same */ }
    this.map.on("click", ({ latlng }) => this.kies([latlng.lng, latlng.lat]));
    this.middenKnop();
    this.toon({ kijk: true });
  }

  /** For who has no mouse: take what lies in the middle of the picture. */
  middenKnop() {
    const knop = document.createElement("button");
    knop.type = "button";
    knop.className = "nl-button nl-button--secondary";
    knop.textContent = "Kies het midden van de kaart";
    knop.addEventListener("click", () => {
      const { lng, lat } = this.map.getCenter();
      this.kies([lng, lat]);
    });
    this.gekozen.after(knop);
  }

  get punt() {
    const [lon, lat] = ["lon", "lat"].map((n) => parseFloat(this.velden[n].value.replace(",", ".")));
    return Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null;
  }

  get kern() {
    const naam = this.velden.kern.selectedOptions[0]?.textContent.trim();
    return this.velden.kern.value ? this.kernen.find((kern) => kern.naam === naam) : undefined;
  }

  kies([lon, lat], { naam = "", kijk = false } = {}) {
    this.velden.lon.value = lon.toFixed(7);
    this.velden.lat.value = lat.toFixed(7);
    if (naam) this.velden.plek.value = naam;
    if (this.onbekend) this.onbekend.checked = false;
    const kern = this.kernen.find((k) => binnen([lon, lat], k.vlak));
    const keuze = [...this.velden.kern.options].find((o) => o.textContent.trim() === kern?.naam);
    if (keuze) this.velden.kern.value = keuze.value;
    this.toon({ kijk });
    this.veranderd();
  }

  /** Another kern chosen by hand: the point of before no longer counts. */
  naarKern() {
    this.velden.lon.value = "";
    this.velden.lat.value = "";
    this.toon({ kijk: true });
  }

  /** A hall was chosen: that is where it is. */
  naarZaal(keuze) {
    const { lon, lat, naam } = keuze.selectedOptions[0].dataset;
    if (naam) this.kies([Number(lon), Number(lat)], { naam, kijk: true });
  }

  veranderd() {
    this.velden.lon.dispatchEvent(new Event("input", { bubbles: true }));
    this.form.dispatchEvent(new CustomEvent("kk:plek"));
  }

  toon({ kijk = false } = {}) {
    const { punt, kern } = this;
    const alleenKern = this.onbekend?.checked;
    const hier = alleenKern ? null : (punt ?? kern?.hart);
    const waar = kern ? ` in ${kern.naam}` : "";
    const plek = this.velden.plek.value.trim();
    this.gekozen.textContent = alleenKern
      ? "De plek is nog niet bekend."
      : punt
        ? `Gekozen: ${plek || "een plek op de kaart"}${waar}.`
        : kern
          ? `Gekozen: het midden van ${kern.naam}. Klik op de kaart voor de goede plek.`
          : "Nog geen plek gekozen. Klik op de kaart.";
    if (!this.map) return;
    const ding = { ding: this.getAttribute("ding") || "activiteit", sleutel: "gekozen", l: hier };
    KK.toon(this.map, { dingen: hier ? [ding] : [], gekozen: "gekozen", kern: kern?.slug });
    if (kijk && hier) KK.kijkNaar(this.map, hier, punt ? Math.max(this.map.getZoom(), DICHTBIJ) : 14);
  }

  /** Look a typed place up through our own server. */
  zoekOp() {
    const lijst = this.querySelector("[data-plek-treffers]");
    let wacht = 0;
    let lopend = null;
    this.velden.plek.addEventListener("change", () => this.toon());
    const zoek = async () => {
      const tekst = this.velden.plek.value.trim();
      lopend?.abort();
      if (tekst.length < 3) return lijst.replaceChildren();
      lopend = new AbortController();
      try {
        const antwoord = await fetch(`${PLEKKEN}?q=${encodeURIComponent(tekst)}`, { signal: lopend.signal });
        if (!antwoord.ok) return lijst.replaceChildren();
        lijst.replaceChildren(...this.treffers(await antwoord.json(), lijst));
      } catch { /* off or down: a click on the map does it too */ }
    };
    this.velden.plek.addEventListener("input", () => {
      clearTimeout(wacht);
      wacht = setTimeout(zoek, WACHT_MS);
    });
  }

  treffers(plekken, lijst) {
    if (!plekken.length) return [];
    const ul = document.createElement("ul");
    ul.className = "kk-treffers";
    ul.append(...plekken.slice(0, 6).map(({ naam, l }) => {
      const knop = document.createElement("button");
      knop.type = "button";
      knop.className = "kk-linkknop";
      knop.textContent = naam;
      knop.addEventListener("click", () => {
        lijst.replaceChildren();
        this.kies(l, { naam, kijk: true });
        this.velden.plek.focus();
      });
      const li = document.createElement("li");
      li.append(knop);
      return li;
    }));
    return [ul];
  }
}

customElements.define("plek-kiezer", PlekKiezer);
