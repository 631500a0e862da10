// Share this page with what the device offers, else copy its address; print it.

const canonical = () => document.querySelector('link[rel="canonical"]')?.href ?? location.href;

async function deel(zeg) {
  const url = canonical();
  if (navigator.share) {
    try {
      await navigator.share({ title: document.querySelector("h1")?.textContent.trim(), url });
    } catch (fout) {
      if (fout.name !== "AbortError") zeg(`Het adres is: ${url}`);
    }
    return;
  }
  try {
    await navigator.clipboard.writeText(url);
    zeg("Het adres is gekopieerd.");
  } catch {
    zeg(`Het adres is: ${url}`);
  }
}

for (const doos of document.querySelectorAll("[data-deel]")) {
  const melding = doos.querySelector("[data-deelmelding]");
  const doe = {
    deel: () => deel((tekst) => { melding.textContent = tekst; }),
    druk: () => window.print(),
  };
  for (const [naam, actie] of Object.entries(doe)) {
    doos.querySelector(`[data-doe="${naam}"]`)?.addEventListener("click", actie);
  }
  doos.hidden = false;
}
