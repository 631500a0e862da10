// <teken-kaart>: draw points, lines and areas over the field vorm, and over every field of its form
// that names itself in data-teken. Without it one pastes text.
/* global L */

import { KK } from "./kaart/basis.js";

const WACHT_MS = 300;
const SOORTEN = [["Marker", "Punt"], ["Line", "Lijn"], ["Polygon", "Vlak"]];

class TekenKaart extends HTMLElement {
  async connectedCallback() {
    this.form = this.closest("form");
    this.veld = this.form.elements.namedItem("vorm");
    this.doelen = [
      { naam: "Het werk", veld: this.veld, klasse: "kk-teken" },
      ...[...this.form.querySelectorAll("[data-teken]")].map((veld) => ({
        naam: veld.dataset.teken, veld, klasse: "kk-teken kk-teken-erbij",
      })),
    ];
    [this.doel] = this.doelen;
    this.hier = this.querySelector("[data-raakt-hier]");
    this.querySelector("[data-teken-kaart]").hidden = false;
    this.map = await KK.kaart;
    this.map.pm ??= new L.PM.Map(this.map);
    this.map.pm.setLang("nl");
    this.map.pm.setGlobalOptions({
      markerStyle: { icon: this.speld(), draggable: true },
      allowSelfIntersection: false,
    });
    for (const doel of this.doelen) {
      doel.laag = L.featureGroup().addTo(this.map);
      doel.veld.addEventListener("change", () => this.lees(doel));
    }
    this.balk();
    this.leesAlle();
    this.map.on("pm:create", ({ layer }) => {
      layer.remove();
      this.voegToe(layer, this.doel);
      this.schrijf(this.doel);
    });
    this.map.on("pm:drawend", () => this.druk(null));
    this.map.on("pm:remove", ({ layer }) => {
      const doel = this.doelen.find(({ laag }) => laag.hasLayer(layer));
      if (!doel) return;
      doel.laag.removeLayer(layer);
      this.schrijf(doel);
    });
    this.form.addEventListener("kk:hersteld", () => this.leesAlle());
    for (const naam of ["eerste_dag", "laatste_dag"]) {
      this.form.elements.namedItem(naam)?.addEventListener("change", () => this.raakt());
    }
    this.raakt();
  }

  speld() {
    return L.divIcon({ className: "kk-teken-punt", iconSize: [24, 24] });
  }

  voegToe(layer, doel) {
    layer.addTo(doel.laag);
    layer.on("pm:edit pm:dragend", () => this.schrijf(doel));
  }

  /** Which field is drawn over; only asked when there are more. */
  kiezer() {
    const label = document.createElement("label");
    const select = document.createElement("select");
    label.className = "kk-kk";
    label.append("Teken ", select);
    for (const { naam } of this.doelen) select.add(new Option(naam));
    select.addEventListener("change", () => {
      this.doel = this.doelen[select.selectedIndex];
      this.druk(null);
    });
    return label;
  }

  /** Buttons above the map: nothing lies on it. */
  balk() {
    const balk = this.querySelector(".kk-kaart__balk");
    const knop = (tekst, doe) => {
      const element = document.createElement("button");
      element.type = "button";
      element.className = "kk-kk";
      element.textContent = tekst;
      element.setAttribute("aria-pressed", "false");
      element.addEventListener("click", () => doe(element));
      balk.append(element);
      return element;
    };
    const stand = (tekst, begin) => knop(tekst, (zelf) => {
      const aan = zelf.getAttribute("aria-pressed") !== "true";
      this.druk(aan ? zelf : null);
      if (aan) begin();
    });
    if (this.doelen.length > 1) balk.append(this.kiezer());
    this.knoppen = [
      ...SOORTEN.map(([soort, tekst]) => stand(tekst, () => {
        const pathOptions = { className: this.doel.klasse };
        this.map.pm.enableDraw(soort, { continueDrawing: false, snappable: true, pathOptions });
      })),
      stand("Bijstellen", () => this.map.pm.enableGlobalEditMode()),
      stand("Weghalen", () => this.map.pm.enableGlobalRemovalMode()),
      knop("Punt in het midden", () => {
        this.voegToe(L.marker(this.map.getCenter(), { icon: this.speld() }), this.doel);
        this.schrijf(this.doel);
      }),
    ];
    this.knoppen.at(-1).removeAttribute("aria-pressed");
  }

  /** Stop what goes on and press this button, or none; what it begins comes after. */
  druk(knop) {
    const { pm } = this.map;
    pm.disableDraw();
    pm.disableGlobalEditMode();
    pm.disableGlobalRemovalMode();
    for (const ander of this.knoppen.slice(0, -1)) {
      ander.setAttribute("aria-pressed", String(ander === knop));
    }
  }

  /** All fields; the map ends up looking at the first. */
  leesAlle() {
    for (const doel of this.doelen.toReversed()) this.lees(doel);
  }

  /** Draw what stands in a field, when it is GeoJSON in degrees; else leave what the page drew. */
  lees(doel) {
    let vorm;
    try { vorm = JSON.parse(doel.veld.value); } catch { return this.raakt(); }
    doel.laag.clearLayers();
    const blijft = ({ sleutel }) => sleutel !== "getekend";
    const { dingen, vormen } = KK.data(this.map);
    KK.toon(this.map, { dingen: dingen.filter(blijft), vormen: vormen.filter(blijft) });
    try {
      L.geoJSON(vorm, {
        pointToLayer: (_, latlng) => L.marker(latlng, { icon: this.speld() }),
        style: { className: doel.klasse },
      }).eachLayer((layer) => {
        for (const deel of this.uiteen(layer, doel)) this.voegToe(deel, doel);
      });
      if (doel.laag.getLayers().length) {
        this.map.fitBounds(doel.laag.getBounds(), { maxZoom: 16, padding: [40, 40] });
      }
    } catch { /* the server will say what is wrong with it */ }
    return this.raakt();
  }

  /** Parts of a multi-geometry, each to be edited by itself. */
  uiteen(layer, doel) {
    const geometrie = layer.feature?.geometry;
    if (!geometrie?.type.startsWith("Multi")) return layer.getLayers ? layer.getLayers() : [layer];
    const type = geometrie.type.slice(5);
    return geometrie.coordinates.map((coordinates) => L.geoJSON({ type, coordinates }, {
      pointToLayer: (_, latlng) => L.marker(latlng, { icon: this.speld() }),
      style: { className: doel.klasse },
    }).getLayers()[0]);
  }

  schrijf({ laag, veld }) {
    const { features } = laag.toGeoJSON(8);
    veld.value = features.length === 0
      ? ""
      : JSON.stringify(features.length === 1
        ? features[0].geometry
        : { type: "FeatureCollection", features });
    veld.dispatchEvent(new Event("input", { bubbles: true }));
    this.raakt();
  }

  /** Ask which kernen it touches and what else is there; newest question wins. */
  raakt() {
    const url = this.dataset.raakt;
    if (!url || !this.hier) return;
    clearTimeout(this.wacht);
    this.wacht = setTimeout(async () => {
      this.lopend?.abort();
      if (!this.veld.value.trim()) return this.hier.replaceChildren();
      this.lopend = new AbortController();
      const body = new FormData();
      for (const naam of ["vorm", "eerste_dag", "laatste_dag"]) {
        body.set(naam, this.form.elements.namedItem(naam)?.value ?? "");
      }
      body.set("csrf_token", this.form.elements.namedItem("csrf_token").value);
      try {
        const antwoord = await fetch(url, { method: "POST", body, signal: this.lopend.signal });
        if (!antwoord.ok) return undefined;
        const blad = new DOMParser().parseFromString(await antwoord.text(), "text/html");
        return this.hier.replaceChildren(...blad.body.childNodes);
      } catch { return undefined; }
    }, WACHT_MS);
  }
}

customElements.define("teken-kaart", TekenKaart);
