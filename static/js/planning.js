// Choose a bar and see it on the map, and the other way round, without loading the page anew.

const vak = document.querySelector("[data-planning]");
const kaartje = vak.querySelector("[data-planning-kaartje]");
const van = (sleutel) => [...document.querySelectorAll("[data-sleutel]")].filter((e) => e.dataset.sleutel === sleutel);
const balk = (sleutel) => vak.querySelector(`a[data-sleutel="${sleutel}"]`);
let map = null;
let lopend = null;

function merk(sleutel) {
  for (const element of document.querySelectorAll("[data-sleutel].is-gekozen")) {
    element.classList.remove("is-gekozen");
    element.removeAttribute("aria-current");
  }
  for (const element of van(sleutel)) element.classList.add("is-gekozen");
  balk(sleutel)?.setAttribute("aria-current", "true");
  if (!map) return;
  globalThis.KK.kies(map, sleutel || null);
  const ding = globalThis.KK.data(map).dingen.find((d) => d.sleutel === sleutel);
  if (ding) globalThis.KK.zorgInBeeld(map, ding.l);
}

/** Choose what an address of this page names; the card comes from the server. */
async function kies(adres) {
  const url = new URL(adres, location.href);
  url.hash = "";
  merk(url.searchParams.get("gekozen") ?? "");
  history.replaceState(null, "", url);
  lopend?.abort();
  lopend = new AbortController();
  try {
    const antwoord = await fetch(url, { signal: lopend.signal });
    if (!antwoord.ok || antwoord.redirected) throw new Error(antwoord.status);
    const blad = new DOMParser().parseFromString(await antwoord.text(), "text/html");
    kaartje.replaceChildren(...blad.querySelector("[data-planning-kaartje]").childNodes);
    vak.classList.toggle("kk-planvak--naast", kaartje.childElementCount > 0);
  } catch (fout) {
    if (fout.name !== "AbortError") location.assign(url);
  }
}

vak.addEventListener("click", (gebeurtenis) => {
  const link = gebeurtenis.target.closest("a[href*='gekozen='], [data-planning-sluit]");
  if (!link || gebeurtenis.ctrlKey || gebeurtenis.metaKey || gebeurtenis.shiftKey || gebeurtenis.button) return;
  gebeurtenis.preventDefault();
  kies(link.getAttribute("href"));
});

// on a phone the map comes on request, and begins once it has a size
const open = vak.querySelector("[data-planning-open]");
if (open && globalThis.KK) {
  const knop = open.querySelector("button");
  open.hidden = false;
  knop.addEventListener("click", () => {
    const aan = vak.querySelector(".kk-plankaart").classList.toggle("is-open");
    knop.setAttribute("aria-expanded", String(aan));
    knop.lastChild.textContent = aan ? "Verberg kaart" : "Toon kaart";
  });
}

map = globalThis.KK ? await globalThis.KK.kaart : null;
if (map) {
  const gekozen = vak.querySelector("a[aria-current]")?.dataset.sleutel;
  if (gekozen) globalThis.KK.kies(map, gekozen);
  map.on("kk:kies", ({ sleutel }) => {
    const link = balk(sleutel);
    if (!link) return;
    link.scrollIntoView({ block: "nearest", inline: "nearest" });
    link.focus({ preventScroll: true });
    kies(link.getAttribute("href"));
  });
  for (const [aan, uit] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    vak.addEventListener(aan, ({ target }) => {
      const element = target.closest?.("[data-sleutel]");
      if (element) globalThis.KK.wijs(map, element.dataset.sleutel);
    });
    vak.addEventListener(uit, () => globalThis.KK.wijs(map, null));
  }
}
