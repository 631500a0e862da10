// <teken-kaart>: draw points, lines and areas over the field vorm. Without it one pastes text.
/* global L */

import { KK } from "./kaart/basis.js";

const WACHT_MS = 300;
const SOORTEN = [["Marker", "Punt"], ["Line", "Lijn"], ["Polygon", "Vlak"]];

class TekenKaart extends HTMLElement {
  async connectedCallback() {
    this.form = this.closest("form");
    this.veld = this.form.elements.namedItem("vorm");
    this.hier = this.querySelector("[data-raakt-hier]");
    this.querySelector("[data-teken-kaart]").hidden = false;
    this.map = await KK.kaart;
    this.map.pm ??= new L.PM.Map(this.map);
    this.map.pm.setLang("nl");
    this.map.pm.setGlobalOptions({
      pathOptions: { className: "kk-teken" },
      markerStyle: { icon: this.speld(), draggable: true },
      allowSelfIntersection: false,
    });
    this.laag = L.featureGroup().addTo(this.map);
    this.balk();
    this.lees();
    this.map.on("pm:create", ({ layer }) => {
      layer.remove();
      this.voegToe(layer);
      this.schrijf();
    });
    this.map.on("pm:drawend", () => this.druk(null));
    this.map.on("pm:remove", ({ layer }) => {
      this.laag.removeLayer(layer);
      this.schrijf();
    });
    this.veld.addEventListener("change", () => this.lees());
    this.form.addEventListener("kk:hersteld", () => this.lees());
    for (const naam of ["eerste_dag", "laatste_dag"]) {
      this.form.elements.namedItem(naam)?.addEventListener("change", () => this.raakt());
    }
    this.raakt();
  }

  speld() {
    return L.divIcon({ className: "kk-teken-punt", iconSize: [24, 24] });
  }

  voegToe(layer) {
    layer.addTo(this.laag);
    layer.on("pm:edit pm:dragend", () => this.schrijf());
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
    this.knoppen = [
      ...SOORTEN.map(([soort, tekst]) => stand(tekst, () => {
        this.map.pm.enableDraw(soort, { continueDrawing: false, snappable: true });
      })),
      stand("Bijstellen", () => this.map.pm.enableGlobalEditMode()),
      stand("Weghalen", () => this.map.pm.enableGlobalRemovalMode()),
      knop("Punt in het midden", () => {
        this.voegToe(L.marker(this.map.getCenter(), { icon: this.speld() }));
        this.schrijf();
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

  /** Draw what stands in the field, when it is GeoJSON in degrees; else leave what the page drew. */
  lees() {
    let vorm;
    try { vorm = JSON.parse(this.veld.value); } catch { return this.raakt(); }
    this.laag.clearLayers();
    const blijft = ({ sleutel }) => sleutel !== "getekend";
    const { dingen, vormen } = KK.data(this.map);
    KK.toon(this.map, { dingen: dingen.filter(blijft), vormen: vormen.filter(blijft) });
    try {
      L.geoJSON(vorm, {
        pointToLayer: (_, latlng) => L.marker(latlng, { icon: this.speld() }),
        style: { className: "kk-teken" },
      }).eachLayer((layer) => this.uiteen(layer).forEach((deel) => this.voegToe(deel)));
      if (this.laag.getLayers().length) {
        this.map.fitBounds(this.laag.getBounds(), { maxZoom: 16, padding: [40, 40] });
      }
    } catch { /* the server will say what is wrong with it */ }
    return this.raakt();
  }

  /** Parts of a multi-geometry, each to be edited by itself. */
  uiteen(layer) {
    const geometrie = layer.feature?.geometry;
    if (!geometrie?.type.startsWith("Multi")) return layer.getLayers ? layer.getLayers() : [layer];
    const type = geometrie.type.slice(5);
    return geometrie.coordinates.map((coordinates) => L.geoJSON({ type, coordinates }, {
      pointToLayer: (_, latlng) => L.marker(latlng, { icon: this.speld() }),
      style: { className: "kk-teken" },
    }).getLayers()[0]);
  }

  schrijf() {
    const features = this.laag.toGeoJSON(8).features;
    this.veld.value = features.length === 0
      ? ""
      : JSON.stringify(features.length === 1
        ? features[0].geometry
        : { type: "FeatureCollection", features });
    this.veld.dispatchEvent(new Event("input", { bubbles: true }));
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
