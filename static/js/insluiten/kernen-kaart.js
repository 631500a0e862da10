// <kernen-kaart kern="tricht" vorm="lijst" lagen="activiteiten" kleur="0e4a58"></kernen-kaart>
// What goes on in a village, on the village's own website. No cookies, nothing is kept.

const BASIS = new URL("..", import.meta.url); // of the kernenkaart that this script came from
const NAMEN = ["vorm", "lagen", "kleur", "aantal"];

class KernenKaart extends HTMLElement {
  static observedAttributes = ["kern", ...NAMEN];

  #vorige = null;

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" });
    this.#toon();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.shadowRoot) this.#toon();
  }

  async #toon() {
    this.#vorige?.abort();
    this.#vorige = new AbortController();
    const adres = new URL(`insluiten/${encodeURIComponent(this.getAttribute("kern") ?? "")}`, BASIS);
    for (const naam of NAMEN) {
      if (this.hasAttribute(naam)) adres.searchParams.set(naam, this.getAttribute(naam));
    }
    const link = Object.assign(document.createElement("a"), {
      href: new URL(`kernen/${encodeURIComponent(this.getAttribute("kern") ?? "")}`, BASIS),
      textContent: "Bekijk de kalender op de kernenkaart",
    });
    adres.searchParams.set("deel", "1");
    try {
      const antwoord = await fetch(adres, { credentials: "omit", signal: this.#vorige.signal });
      if (!antwoord.ok) throw new Error(antwoord.status);
      const vel = new DOMParser().parseFromString(await antwoord.text(), "text/html");
      const inhoud = vel.querySelector(".ki");
      const stijl = Object.assign(document.createElement("link"), {
        rel: "stylesheet",
        href: new URL("insluiten/insluiten.css", BASIS),
      });
      const kleur = this.getAttribute("kleur")?.replace(/^#?/, "#");
      if (kleur && CSS.supports("color", kleur)) this.style.setProperty("--ki-kleur", kleur);
      for (const a of inhoud.querySelectorAll('a[href^="#"]')) {
        a.addEventListener("click", (gebeurtenis) => {
          gebeurtenis.preventDefault(); // an anchor inside a shadow is found by nobody else
          this.shadowRoot.querySelector(a.getAttribute("href"))?.scrollIntoView({ block: "nearest" });
        });
      }
      this.shadowRoot.replaceChildren(stijl, inhoud);
    } catch (fout) {
      if (fout.name !== "AbortError") this.shadowRoot.replaceChildren(link);
    }
  }
}

customElements.define("kernen-kaart", KernenKaart);
