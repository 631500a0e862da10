// Tell what that which is filled in will clash with, in the form and in its preview. Never in the way.

const WACHT_MS = 800;

for (const doos of document.querySelectorAll("[data-straks-hier]")) {
  const form = doos.closest("form");
  const voorbeeld = document.getElementById(doos.dataset.straksHier);
  let straks = 0;
  let lopend = null;

  const kijk = async () => {
    lopend?.abort();
    lopend = new AbortController();
    const gegevens = new FormData(form ?? voorbeeld);
    gegevens.set("actie", "straks");
    try {
      const antwoord = await fetch((form ?? voorbeeld).action, {
        method: "POST",
        body: gegevens,
        signal: lopend.signal,
      });
      const ok = antwoord.ok && !antwoord.redirected;
      const blad = new DOMParser().parseFromString(ok ? await antwoord.text() : "", "text/html");
      doos.replaceChildren(...(blad.querySelector("[data-straks]")?.childNodes ?? []));
    } catch { /* no answer: nothing to tell */ }
  };
  const later = () => {
    clearTimeout(straks);
    straks = setTimeout(kijk, WACHT_MS);
  };
  if (!form) {
    document.querySelector("[data-straks-knop]")?.remove();
    kijk();
    continue;
  }
  for (const wat of ["change", "kk:hersteld", "kk:plek"]) form.addEventListener(wat, later);
  // a drawing is filled in by a script, which is no change
  form.addEventListener("input", (gebeurtenis) => gebeurtenis.isTrusted || later());
}
