// Copy a field with one button; without a script one selects it oneself.

for (const doos of document.querySelectorAll("[data-kopieer]")) {
  const [veld, knop, melding] = ["textarea", "button", "[role=status]"].map((wat) => doos.querySelector(wat));
  knop.addEventListener("click", async () => {
    veld.select();
    try {
      await navigator.clipboard.writeText(veld.value);
      melding.textContent = "Gekopieerd.";
    } catch {
      melding.textContent = "Kopiëren lukt niet. De tekst is gekozen: kopieer hem zelf.";
    }
  });
  knop.hidden = false;
}
