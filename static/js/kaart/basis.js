// The parts of a map that folium puts together: each is a function KK.<part>(map, options).
// Everything from the database comes as JSON and enters the page as text, never as markup.
/* global L */

const STIJLEN = {
  werkzaamheid: {
    afgesloten: ["k-dicht-w", "k-dicht", "k-dicht-s"],
    beperkt: ["k-beperkt-w", "k-beperkt"],
    geen: ["k-geen"],
  },
};
const VLAKKEN = {
  werkzaamheid: "k-vlak-werk",
  project: "k-vlak-project",
  activiteit: "k-vlak-feest",
  initiatief: "k-vlak-init",
};
const ERBIJ = { "k-omleiding": ["k-omleiding-w", "k-omleiding"] }; // widest stroke first
const DINGEN = Object.keys(VLAKKEN).concat("platform");
const HINDER = ["afgesloten", "beperkt"];
const SPELD = 44; // hit area, px
const SMAL = window.matchMedia("(max-width: 599px)"); // as in kaart.css
const bol = () => (SMAL.matches ? 33 : 41); // a count with its edge, px
const CEL = 64; // things of a bundled map nearer than this, px, become one count
const LOS = 17; // from this zoom level on they no longer do: they step aside
const NAAM_HOOGTE = 20;
const KORT = new Intl.NumberFormat("nl-NL", { notation: "compact" }); // 16.928 is 17K
const SVG = "http://www.w3.org/2000/svg";

let tekens = ""; // address of the sprite
const staat = new WeakMap(); // per map: its data, its layers

/** An icon of the sprite, as an element. */
export function icoon(naam, klasse = "") {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("viewBox", /^h-/.test(naam) ? "0 0 20 20" : "0 0 40 40");
  if (klasse) svg.setAttribute("class", klasse);
  use.setAttribute("href", `${tekens}#${naam}`);
  svg.append(use);
  return svg;
}

function speld(ding) {
  const element = document.createElement("span");
  element.className = "kk-speld";
  const soort = DINGEN.includes(ding.ding) ? ding.ding : "activiteit";
  if (ding.nummer) {
    element.append(icoon(soort === "project" ? "m-nrproject" : "m-nrwerk"));
    const nummer = document.createElement("b");
    nummer.textContent = ding.nummer;
    element.append(nummer);
  } else {
    element.append(icoon(`m-${soort}`));
  }
  if (HINDER.includes(ding.hinder)) element.append(icoon(`h-${ding.hinder}`, "kk-speld__hinder"));
  return element;
}

function maak(html, klasse) {
  return L.divIcon({ html, className: klasse, iconSize: [SPELD, SPELD] });
}

function van(map) {
  let s = staat.get(map);
  if (!s) {
    s = { data: { dingen: [], groepen: [], vormen: [] }, spelden: new Map(), kernen: null };
    staat.set(map, s);
  }
  return s;
}

const keer = ([lon, lat]) => [lat, lon];
const beeldVan = (map) => map.getContainer().closest("[data-kaart]");

/** [[west, south, east, north]] as Leaflet wants it. */
export const grenzen = ([w, s, o, n]) => L.latLngBounds([s, w], [n, o]);

/** The background photos or maps, through our own server; none when the page says so. */
function achtergrond(map, tegels) {
  const beeld = beeldVan(map);
  const kaart = beeld.closest(".kk-kaart");
  const fotos = beeld.dataset.fotos.split(" ");
  const lagen = Object.fromEntries(
    Object.entries(tegels).filter(([naam]) => fotos.includes(naam)),
  );
  const melding = kaart.querySelector("[data-achtergrond-weg]");
  let nu = null;
  let fouten = 0;
  const zet = (naam) => {
    if (nu) lagen[nu].remove();
    nu = lagen[naam] ? naam : null;
    fouten = 0;
    if (nu) lagen[nu].addTo(map);
    kaart.classList.toggle("heeft-achtergrond", nu !== null);
    if (melding) melding.hidden = true;
    for (const bron of beeld.querySelectorAll("[data-bron]")) {
      bron.hidden = (bron.dataset.bron === "eigen") !== (nu === null);
    }
    map.fire("kk:achtergrond");
  };
  for (const laag of Object.values(lagen)) {
    laag.on("tileload", () => { fouten = -Infinity; });
    laag.on("tileerror", () => {
      fouten += 1;
      if (fouten < 3) return;
      const naam = nu;
      zet(null);
      if (melding) {
        melding.hidden = false;
        melding.querySelector("button").onclick = () => zet(naam);
      }
    });
  }
  const knop = kaart.querySelector('[data-doe="luchtfoto"]');
  if (knop) {
    knop.onclick = () => {
      const aan = knop.getAttribute("aria-pressed") !== "true";
      knop.setAttribute("aria-pressed", String(aan));
      zet(aan ? "luchtfoto" : "standaard");
    };
  }
  zet("standaard");
}

/** A ring of the base map: x, y, dx, dy … in steps of 1 / schaal degree, as Leaflet wants it. */
function ontcijfer(getallen, schaal) {
  let x = 0;
  let y = 0;
  const punten = [];
  for (let i = 0; i < getallen.length; i += 2) {
    x += getallen[i];
    y += getallen[i + 1];
    punten.push([y / schaal, x / schaal]);
  }
  return punten;
}

/** JSON of an address, or of a block in the page when it begins with a hash sign. */
async function haal(adres) {
  if (adres.startsWith("#")) return JSON.parse(document.querySelector(adres).textContent);
  const antwoord = await fetch(adres);
  if (!antwoord.ok) throw new Error(antwoord.status);
  return antwoord.json();
}

/** Our own map beneath and above the background: edges and names of the kernen. */
function kernlaag(map) {
  const beeld = beeldVan(map);
  for (const [naam, hoogte] of [["kkgrond", 150], ["kkgrens", 350], ["kknaam", 590]]) {
    map.createPane(naam).style.zIndex = hoogte;
    map.getPane(naam).style.pointerEvents = "none";
  }
  const s = van(map);
  const teken = ({ kernen, gemeente, schaal }) => {
    const grond = L.svg({ pane: "kkgrond", padding: 0.5 });
    const grens = L.svg({ pane: "kkgrens", padding: 0.5 });
    const vlak = (ringen, klasse, renderer, pane) =>
      L.polygon(ringen.map((ring) => ontcijfer(ring, schaal)), {
        className: klasse, renderer, pane, interactive: false, smoothFactor: 1,
      }).addTo(map);
    vlak(gemeente, "k-kern", grond, "kkgrond");
    for (const kern of kernen) vlak(kern.ringen, "k-grens", grens, "kkgrens");
    vlak(gemeente, "k-rand", grens, "kkgrens");
    s.kernen = kernen;
    s.schaal = schaal;
    s.tekenKern = (slug) => {
      s.gekozenKern?.remove();
      const kern = kernen.find((k) => k.slug === slug);
      s.gekozenKern = kern && vlak(kern.ringen, "k-gekozen", grens, "kkgrens");
    };
    s.tekenKern(s.data.kern ?? beeld.dataset.kern);
    namen(map);
  };
  haal(beeld.dataset.kernen)
    .then(teken)
    .catch(() => {}); // the markers stand by themselves
  map.on("zoomend moveend kk:getoond kk:achtergrond", () => namen(map));
}

const meter = document.createElement("canvas").getContext("2d");

/** Names where they touch no marker and no other name; else none. */
function namen(map) {
  const s = van(map);
  const pane = map.getPane("kknaam");
  if (s.data.kernen && s.data.kernen !== s.bron) {
    s.bron = s.data.kernen;
    s.kernen = s.data.kernen.map(([slug, naam, hart, kader]) => ({ slug, naam, hart, kader }));
  }
  if (!s.kernen || !pane || !map.getSize().x) return;
  const buiten = map.getContainer().closest(".heeft-achtergrond") && map.getZoom() >= 13;
  if (buiten) return pane.replaceChildren(); // the background has names of its own
  if (!meter.font.startsWith("600")) {
    meter.font = `600 14px ${getComputedStyle(document.body).fontFamily}`;
  }
  const bezet = [];
  const hoek = map.containerPointToLayerPoint([0, 0]);
  const eind = hoek.add(map.getSize());
  const past = ([x1, y1, x2, y2]) => // a name is never cut off
    x1 >= hoek.x && x2 <= eind.x && y1 >= hoek.y && y2 <= eind.y;
  const raakt = (a) => bezet.some((b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1]);
  const straal = Math.ceil(bol() / 2);
  for (const marker of s.spelden.values()) {
    const p = map.latLngToLayerPoint(marker.getLatLng());
    bezet.push([p.x - straal, p.y - straal, p.x + straal, p.y + straal]);
  }
  const aantal = new Map(s.data.groepen.map((g) => [g.kern, g.n]));
  const bollen = new Map([...s.spelden.values()].map((m) => [m.kk.kern, m.getLatLng()]));
  const volgorde = [...s.kernen].sort(
    (a, b) => (aantal.get(b.slug) ?? 0) - (aantal.get(a.slug) ?? 0),
  );
  const fragment = document.createDocumentFragment();
  for (const kern of volgorde) {
    const p = map.latLngToLayerPoint(bollen.get(kern.slug) ?? keer(kern.hart));
    const b = (kern.breedte ??= Math.ceil(meter.measureText(kern.naam).width) + 4) / 2;
    const h = NAAM_HOOGTE / 2;
    const om = bollen.has(kern.slug) ? straal : 0; // beside its count, else no further than needed
    const plekken = [
      [0, 0], [0, om + h], [0, -om - h], [om + b, 0], [-om - b, 0],
      [b, om + h], [-b, om + h], [b, -om - h], [-b, -om - h],
    ];
    for (const [dx, dy] of plekken) {
      const vak = [p.x + dx - b, p.y + dy - h, p.x + dx + b, p.y + dy + h];
      if (raakt(vak) || !past(vak)) continue;
      bezet.push(vak);
      const element = document.createElement("span");
      element.className = "kk-kernnaam";
      element.textContent = kern.naam;
      L.DomUtil.setPosition(element, L.point(vak[0], vak[1]));
      fragment.append(element);
      break;
    }
  }
  pane.replaceChildren(fragment);
}

/** Markers, groups, lines and areas of what the page found. */
function dinglaag(map) {
  const s = van(map);
  s.vormlaag = L.featureGroup().addTo(map);
  s.speldlaag = L.featureGroup().addTo(map);
  map.on("zoomend", () => (s.data.bundel ? spelden(map) : spreid(map)));
}

/**
 * What lies too close together to be told apart, as counts; all else as it is. What is chosen stands
 * by itself, and looked at closely everything does.
 */
function bundel(map, dingen, gekozen) {
  const zoom = map.getZoom();
  if (zoom >= LOS) return { dingen, groepen: [] };
  const hopen = [];
  for (const ding of dingen.filter((d) => d.l)) {
    const plek = map.project(keer(ding.l), zoom);
    const hoop = ding.sleutel !== gekozen
      && hopen.find((h) => !h.apart && h.plek.distanceTo(plek) < CEL);
    if (hoop) hoop.leden.push(ding);
    else hopen.push({ plek, leden: [ding], apart: ding.sleutel === gekozen });
  }
  const samen = hopen.filter(({ leden }) => leden.length > 1).map(({ leden }) => {
    const midden = L.latLngBounds(leden.map((d) => keer(d.l)));
    const meer = leden.length > 3 ? ` en nog ${leden.length - 3}` : "";
    return {
      n: leden.length,
      l: leden[0].l,
      naam: leden.slice(0, 3).map((d) => d.titel).join(", ") + meer,
      kader: [midden.getWest(), midden.getSouth(), midden.getEast(), midden.getNorth()],
      leden: leden.map((d) => d.sleutel),
      klasse: leden.some((d) => d.bots) ? "kk-bol--bots" : leden.some((d) => d.koppel) ? "kk-bol--koppel" : "",
    };
  });
  return { dingen: hopen.flatMap(({ leden }) => (leden.length > 1 ? [] : leden)), groepen: samen };
}

/** A fill of slanting lines, once per map: told apart without colour. */
function arcering(map) {
  const id = `arcering-${L.stamp(map)}`;
  if (!document.getElementById(id)) {
    const [svg, patroon, lijn] = ["svg", "pattern", "path"].map((naam) => document.createElementNS(SVG, naam));
    const zet = (element, eigen) => Object.entries(eigen).forEach(([k, w]) => element.setAttribute(k, w));
    zet(svg, { width: 0, height: 0, "aria-hidden": "true" });
    zet(patroon, { id, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
    zet(lijn, { class: "k-arcering", d: "M0 0v8" });
    patroon.append(lijn);
    svg.append(patroon);
    map.getContainer().append(svg);
  }
  return `url(#${id})`;
}

/** Lines and areas of one thing, widest stroke first; a point, which only an asked place can be. */
function vorm(map, v) {
  const vlak = /Polygon/.test(v.g.type) && (VLAKKEN[v.ding] ?? "k-vlak-werk");
  const eigen = v.klasse && (ERBIJ[v.klasse] ?? [v.klasse]);
  const klassen = eigen ?? (vlak ? [vlak] : STIJLEN[v.ding]?.[v.hinder] ?? ["k-lijn"]);
  const groep = L.featureGroup(
    klassen.map((className) => {
      const trek = { className, interactive: Boolean(v.sleutel) };
      if (className === "k-hinder") Object.assign(trek, { fillColor: arcering(map), fillOpacity: 1 });
      return L.geoJSON(v.g, { ...trek, pointToLayer: (_, plek) => L.circleMarker(plek, { ...trek, radius: 8 }) });
    }),
  );
  return v.sleutel ? groep.on("click", () => map.fire("kk:kies", v)) : groep;
}

/** Counts, and numbers with what lies among them, step aside for one another, no further than needed. */
function spreid(map) {
  const { data, spelden: alle } = van(map);
  const genummerd = [...alle.values()].some(({ kk }) => kk.nummer);
  const bollen = [...alle.values()].filter(({ kk }) => data.bundel || genummerd || kk.kern || kk.url && kk.n);
  const plekken = bollen.map((marker) => map.latLngToLayerPoint(keer(marker.kk.l)));
  for (let ronde = 0; ronde < 12; ronde += 1) {
    for (let i = 0; i < plekken.length; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const d = plekken[i].subtract(plekken[j]);
        const ver = Math.hypot(d.x, d.y) || 1;
        const tekort = (bol() - ver) / 2;
        if (tekort <= 0) continue;
        const stap = L.point(d.x || 1, d.y).multiplyBy(tekort / ver);
        plekken[i] = plekken[i].add(stap);
        plekken[j] = plekken[j].subtract(stap);
      }
    }
  }
  bollen.forEach((marker, i) => marker.setLatLng(map.layerPointToLatLng(plekken[i])));
}

/** Markers and counts of the data. Those that stay, stay: nothing flickers. */
function spelden(map) {
  const s = van(map);
  const { dingen, groepen } = s.data.bundel ? bundel(map, s.data.dingen, s.gekozen) : s.data;
  const oud = s.spelden;
  s.spelden = new Map();
  for (const ding of dingen) {
    if (!ding.l) continue;
    const sleutel = `${ding.sleutel}|${ding.hinder ?? ""}|${ding.nummer ?? ""}`;
    const marker = oud.get(sleutel)?.setLatLng(keer(ding.l)) ?? L.marker(keer(ding.l), {
      icon: maak(speld(ding), "kk-speldvak"),
      keyboard: false,
      title: ding.titel ?? "",
      alt: "",
    }).on("click", () => map.fire("kk:kies", { sleutel: ding.sleutel, url: ding.url }));
    oud.delete(sleutel);
    s.spelden.set(sleutel, marker);
    marker.kk = ding;
    if (!s.speldlaag.hasLayer(marker)) s.speldlaag.addLayer(marker);
  }
  for (const groep of groepen) {
    const sleutel = `g|${groep.l}|${groep.n}|${groep.klasse ?? ""}`;
    const bol = document.createElement("span");
    bol.className = `kk-bol ${groep.klasse ?? ""}`;
    bol.textContent = groep.n < 1000 ? groep.n : KORT.format(groep.n);
    if (groep.klasse === "kk-bol--bots") bol.append(icoon("i-fout", "kk-bol__teken"));
    const marker = oud.get(sleutel) ?? L.marker(keer(groep.l), {
      icon: maak(bol, "kk-speldvak"),
      keyboard: false,
      title: groep.naam ?? "",
      alt: "",
    }).on("click", () => map.fire("kk:groep", marker.kk));
    oud.delete(sleutel);
    s.spelden.set(sleutel, marker);
    marker.kk = groep;
    if (!s.speldlaag.hasLayer(marker)) s.speldlaag.addLayer(marker);
  }
  for (const marker of oud.values()) s.speldlaag.removeLayer(marker);
  spreid(map);
  merk(map);
  if (s.data.bundel) vormen(map, new Set(groepen.flatMap(({ leden }) => leden)));
}

/** Lines and areas, but not the small ones of what is in a count. */
function vormen(map, geteld = new Set()) {
  const s = van(map);
  s.vormlaag.clearLayers();
  for (const v of s.data.vormen) {
    const groep = vorm(map, v);
    const wie = v.van ?? v.sleutel;
    if (!wie || !geteld.has(wie) || meet(map, groep.getBounds()) >= CEL) s.vormlaag.addLayer(groep);
  }
}

/** How far it is across a frame, px. */
function meet(map, kader) {
  const [een, ander] = [kader.getSouthWest(), kader.getNorthEast()];
  return map.project(een).distanceTo(map.project(ander));
}

/** Put other data on the map. */
export function toon(map, data) {
  const s = van(map);
  s.data = { dingen: [], groepen: [], vormen: [], ...data };
  s.gekozen = s.data.gekozen ?? null;
  spelden(map);
  if (!s.data.bundel) vormen(map);
  s.plek?.remove();
  if (s.data.plek) {
    const midden = keer(s.data.plek.l);
    s.plek = L.layerGroup([
      L.circle(midden, { radius: s.data.plek.straal_m, className: "k-straal", interactive: false }),
      L.circleMarker(midden, { radius: 8, className: "k-hier", interactive: false }),
    ]).addTo(map);
  }
  s.tekenKern?.(s.data.kern ?? beeldVan(map).dataset.kern);
  map.fire("kk:getoond");
}

function merk(map) {
  const s = van(map);
  for (const marker of s.spelden.values()) {
    const gekozen = s.gekozen !== null && marker.kk.sleutel === s.gekozen;
    marker.setZIndexOffset(gekozen ? 10000 : 0);
    marker.getElement()?.classList.toggle("is-gekozen", gekozen);
  }
}

/** Mark one thing as chosen; null marks none. */
export function kies(map, sleutel) {
  const s = van(map);
  s.gekozen = sleutel;
  if (s.data.bundel) spelden(map);
  else merk(map);
}

/** Mark one thing as looked at in the list, or the count that it is in; null marks none. */
export function wijs(map, sleutel) {
  for (const marker of van(map).spelden.values()) {
    const raak = marker.kk.sleutel === sleutel || marker.kk.leden?.includes(sleutel);
    marker.getElement()?.classList.toggle("is-gewezen", raak === true);
  }
}

/** Look at a frame [west, south, east, north]; a frame without size is looked at closely. */
export function kijk(map, kader, maxZoom = 16, ruimte = 6) {
  if (kader) map.fitBounds(grenzen(kader), { animate: false, padding: [ruimte, ruimte], maxZoom });
}

/** Look where the data says: exactly as somebody left it, or with all of a frame in the picture. */
export function kijkVolgens(map, { kader, zoom, vast, bundel: geteld }) {
  if (vast) map.setView(grenzen(kader).getCenter(), zoom, { animate: false });
  else kijk(map, kader, 16, geteld ? bol() / 2 : 6);
}

/** Look at a point [lon, lat] from a zoom level. */
export function kijkNaar(map, lonLat, zoom) {
  map.setView(keer(lonLat), zoom, { animate: false });
}

/** Move no further than needed to have a point [lon, lat] well in the picture. */
export function zorgInBeeld(map, lonLat) {
  map.panInside(keer(lonLat), { padding: [48, 48], animate: false });
}

/** The frame of a kern of the base map; undefined when it is not there. */
export function kernKader(map, slug) {
  const kern = van(map).kernen?.find((k) => k.slug === slug);
  if (!kern) return undefined;
  if (kern.kader) return kern.kader;
  const b = L.latLngBounds(kern.ringen.flatMap((ring) => ontcijfer(ring, van(map).schaal)));
  return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()];
}

function schaal(map, { breedte }) {
  L.control.scale({ imperial: false, maxWidth: breedte, updateWhenIdle: true }).addTo(map);
}

function mijnPlek(map, melding) {
  const zeg = (tekst) => { if (melding) melding.textContent = tekst; };
  if (!navigator.geolocation) return zeg("Dit apparaat weet niet waar je bent.");
  zeg("Even zoeken waar je bent…");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const s = van(map);
      s.ik?.remove();
      s.ik = L.circleMarker([coords.latitude, coords.longitude], {
        radius: 9, className: "k-hier", interactive: false,
      }).addTo(map);
      map.setView([coords.latitude, coords.longitude], Math.max(map.getZoom(), 15), { animate: false });
      zeg("Je plek staat op de kaart.");
    },
    () => zeg("Je plek is niet gevonden. Misschien staat locatie uit."),
    { timeout: 8000, maximumAge: 60000 },
  );
}

function knoppen(map, kaart) {
  const melding = kaart.querySelector("[data-kaartzin]");
  const doe = {
    in: () => map.zoomIn(),
    uit: () => map.zoomOut(),
    plek: () => mijnPlek(map, melding),
    groter: (knop) => {
      const aan = kaart.classList.toggle("is-groot");
      knop.setAttribute("aria-pressed", String(aan));
      knop.querySelector("[data-tekst]").textContent = aan ? "Kleiner" : "Groter";
      document.documentElement.classList.toggle("kk-vast", aan);
      map.invalidateSize({ animate: false });
    },
    druk: () => window.print(),
  };
  for (const [naam, actie] of Object.entries(doe)) {
    const knop = kaart.querySelector(`[data-doe="${naam}"]`);
    if (knop) knop.onclick = () => actie(knop);
  }
  kaart.addEventListener("keydown", (gebeurtenis) => {
    const groter = kaart.querySelector('[data-doe="groter"]');
    if (gebeurtenis.key === "Escape" && kaart.classList.contains("is-groot")) {
      doe.groter(groter);
      groter.focus();
      gebeurtenis.stopPropagation();
    }
  });
  for (const balk of kaart.querySelectorAll("[data-alleen-js]")) balk.hidden = false;
}

/** The map is composed: show the data of the page as soon as the map has a size. */
function klaar(map, { soort }) {
  const doos = map.getContainer();
  const beeld = beeldVan(map);
  const kaart = beeld.closest(".kk-kaart");
  tekens = beeld.dataset.tekens;
  doos.setAttribute("role", "group");
  doos.setAttribute("aria-label", `${beeld.dataset.naam}. Verschuif met de pijltjes.`);
  const data = JSON.parse(document.getElementById("kaartgegevens").textContent);
  const begin = () => {
    map.invalidateSize({ animate: false });
    kijkVolgens(map, data);
    toon(map, data);
    knoppen(map, kaart);
    if (soort === "klein") {
      map.on("kk:kies", ({ url }) => { if (url) window.location.assign(url); });
      map.on("kk:groep", ({ kader, url }) => {
        if (url) window.location.assign(url);
        else kijk(map, kader, LOS);
      });
    }
    if (soort === "los") {
      map.on("kk:kies", ({ sleutel }) => {
        kies(map, sleutel);
        const rij = document.getElementById(sleutel);
        document.querySelector(".kk-rij[aria-current]")?.removeAttribute("aria-current");
        rij?.setAttribute("aria-current", "true");
        rij?.focus();
      });
      map.on("kk:groep", (groep) => kijk(map, groep.kader, 19));
    }
    KK.map = map;
    KK.meld(map);
    document.dispatchEvent(new CustomEvent("kk:kaart", { detail: { map, soort } }));
  };
  let begonnen = false;
  new ResizeObserver(() => {
    if (!doos.clientWidth) return;
    if (begonnen) map.invalidateSize({ animate: false });
    else { begonnen = true; begin(); }
  }).observe(doos);
}

export const KK = {
  achtergrond, kernlaag, dinglaag, schaal, klaar, namen,
  toon, kies, wijs, kijk, kijkVolgens, kijkNaar, zorgInBeeld, kernKader, grenzen, icoon,
  data: (map) => van(map).data,
  map: null,
};
/** The map of this page, once it is there: `const map = await KK.kaart`. */
KK.kaart = new Promise((meld) => { KK.meld = meld; });
globalThis.KK = KK;
