"""All layers of the map, in the order of the legend."""

from kernenkaart.activiteiten.laag import LAAG as ACTIVITEITEN
from kernenkaart.initiatieven.laag import LAAG as INITIATIEVEN
from kernenkaart.projecten.laag import LAAG as PROJECTEN
from kernenkaart.werkzaamheden.laag import LAAG as WERKZAAMHEDEN

LAGEN = (ACTIVITEITEN, WERKZAAMHEDEN, PROJECTEN, INITIATIEVEN)
