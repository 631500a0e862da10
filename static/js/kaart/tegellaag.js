// Kernen, and all things as small dots, from vector tiles: drawn on canvas beneath the markers, so
// that a whole country moves as smoothly as one kern. What can be clicked are the markers.
/* global protomapsL */
import { KK } from "./basis.js";

const STIP_TOT = 14; // closer by every thing has its own marker
const DATA_TOT = 14; // the deepest level that is asked for

/** Load the drawing library once, after everything that a visitor waits for. */
function laad(adres) {
  laad.klaar ??= new Promise((klaar, fout) => {
    const script = document.createElement("script");
    script.nonce = document.querySelector("script[nonce]").nonce;
    script.src = adres;
    script.onload = klaar;
    script.onerror = fout;
    document.head.append(script);
  });
  return laad.klaar;
}

// a counted cell is 16 px wide: dots grow with how many it holds, and never hide their neighbours
const grootte = (zoom, stip) =>
  Math.min(zoom < 9 ? 4 : 7, 1.5 + Math.log2(1 + (stip?.props.n ?? 1)) * (zoom < 9 ? 0.25 : 0.7));

function stippen(kleur) {
  const { CircleSymbolizer, LineSymbolizer } = protomapsL;
  return Object.entries({
    initiatieven: "initiatief", projecten: "project",
    activiteiten: "activiteit", werkzaamheden: "werkzaamheid",
  }).flatMap(([laag, ding]) => [
    {
      dataLayer: laag,
      filter: (zoom, { geomType }) => geomType === 1,
      symbolizer: new CircleSymbolizer({
        radius: grootte, fill: kleur(ding), stroke: kleur("wit"), width: 0.75, opacity: 0.85,
      }),
    },
    {
      dataLayer: laag,
      filter: (zoom, { geomType }) => geomType !== 1,
      symbolizer: new LineSymbolizer({ color: kleur(ding), width: 1.5, opacity: 0.85 }),
    },
  ]);
}

function grenzen(kleur, staat) {
  const { LineSymbolizer, PolygonSymbolizer } = protomapsL;
  const eigen = (zoom, { props }) => !staat.gemeente || props.gemeenteCode === staat.gemeente;
  const lijn = new LineSymbolizer({
    color: kleur("kaart-grens"), width: 1, dash: [4, 3], dashColor: kleur("kaart-grens"),
    dashWidth: 1, opacity: 0.8,
  });
  // the land covers all of the rim but its outer half: what is left is the edge of the gemeente
  const grond = [
    new LineSymbolizer({ color: kleur("kaart-rand"), width: 4 }),
    new PolygonSymbolizer({ fill: kleur("kaart-land") }),
  ].map((symbolizer) => ({ dataLayer: "kernen", filter: eigen, symbolizer }));
  return [
    ...(staat.boven ? [] : grond),
    { dataLayer: "kernen", symbolizer: lijn },
    {
      dataLayer: "kernen",
      filter: (zoom, { props }) => props.slug === staat.kern,
      symbolizer: new LineSymbolizer({ color: kleur("rivier"), width: 3 }),
    },
  ];
}

/** The layers of tiles; their addresses come with the data, and change when the question does. */
function tegellaag(map) {
  const beeld = map.getContainer().closest("[data-kaart]");
  const stijl = getComputedStyle(beeld);
  const kleur = (naam) => stijl.getPropertyValue(`--kk-${naam}`).trim();
  for (const [naam, hoogte] of [["kkgrond", 150], ["kkgrens", 350], ["kkstip", 380], ["kknaam", 590]]) {
    map.createPane(naam).style.zIndex = hoogte;
    map.getPane(naam).style.pointerEvents = "none";
  }
  const lagen = {};
  const staat = { gemeente: beeld.dataset.gemeente, kern: null, boven: false };
  const zet = (naam, adres, opties) => {
    if (lagen[naam]?.options.url === adres && lagen[naam].options.pane === opties.pane) return;
    lagen[naam]?.remove();
    lagen[naam] = adres && protomapsL.leafletLayer({
      url: adres, maxDataZoom: DATA_TOT, attribution: "", backgroundColor: undefined, ...opties,
    }).addTo(map);
  };
  const teken = () => {
    const { tegels, kern } = KK.data(map);
    if (!tegels || !globalThis.protomapsL) return;
    staat.boven = Boolean(map.getContainer().closest(".heeft-achtergrond"));
    const anders = staat.kern !== (kern ?? null);
    staat.kern = kern ?? null;
    const zelfde = lagen.kernen;
    zet("kernen", tegels.kernen, {
      pane: staat.boven ? "kkgrens" : "kkgrond", paintRules: grenzen(kleur, staat),
    });
    if (anders && zelfde === lagen.kernen) lagen.kernen.rerenderTiles();
    zet("stippen", tegels.dingen, { pane: "kkstip", paintRules: stippen(kleur), maxZoom: STIP_TOT });
  };
  map.on("kk:getoond kk:achtergrond", teken);
  map.on("zoomend moveend kk:getoond kk:achtergrond", () => KK.namen(map));
  const rustig = globalThis.requestIdleCallback ?? ((doe) => setTimeout(doe, 200));
  KK.kaart.then(() => rustig(() => laad(beeld.dataset.protomaps).then(teken).catch(() => {})));
}

KK.tegellaag = tegellaag;
