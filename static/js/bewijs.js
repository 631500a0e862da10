// Proof of work (Altcha): find the number whose hash is asked, while somebody fills in the form.
// Without it the form works as well, but may be sent less often. Needs a secure context.

const VELD = document.querySelector("[data-bewijs]");
const PER_KEER = 250; // between two of these the page may do something else

async function hash(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function solve({ algorithm, challenge, salt, signature, maxNumber }) {
  for (let begin = 0; begin <= maxNumber; begin += PER_KEER) {
    const numbers = Array.from({ length: PER_KEER }, (_, i) => begin + i);
    const hashes = await Promise.all(numbers.map((number) => hash(salt + number)));
    const found = hashes.indexOf(challenge);
    if (found >= 0) {
      return btoa(JSON.stringify({ algorithm, challenge, number: begin + found, salt, signature }));
    }
  }
  return "";
}

if (VELD && globalThis.crypto?.subtle) {
  const start = async () => {
    VELD.value = await solve(JSON.parse(VELD.dataset.opgave));
    VELD.dataset.klaar = "";
  };
  // somebody who only looks does not have to count
  VELD.form.addEventListener("input", start, { once: true });
}
