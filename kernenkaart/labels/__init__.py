"""How a code is called on the screen: fixed codes, words that a beheerder can change."""
