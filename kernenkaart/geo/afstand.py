"""Distances in words."""


def format_afstand(afstand_m: float) -> str:
    """``150 meter verderop``, rounded to 50 m below a kilometre; ``2 kilometer verderop`` above."""
    meters = round(afstand_m / 50) * 50
    if meters == 0:
        return "op dezelfde plek"
    if meters < 1000:
        return f"{meters} meter verderop"
    kilometers = f"{afstand_m / 1000:.1f}".removesuffix(".0").replace(".", ",")
    return f"{kilometers} kilometer verderop"
