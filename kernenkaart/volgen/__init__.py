"""Follow by e-mail: what is new, moved or called off, bundled per day or week."""
