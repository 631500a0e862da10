"""All layers of the map, in the order of the legend.

``OPEN_LAGEN`` are those of open data: the kernen first, and what belongs to the works last.
"""

from kernenkaart.activiteiten.laag import LAAG as ACTIVITEITEN
from kernenkaart.initiatieven.laag import LAAG as INITIATIEVEN
from kernenkaart.kernen.laag import LAAG as KERNEN
from kernenkaart.projecten.laag import LAAG as PROJECTEN
from kernenkaart.werkzaamheden.hinder_laag import LAAG as HINDER
from kernenkaart.werkzaamheden.laag import LAAG as WERKZAAMHEDEN

LAGEN = (ACTIVITEITEN, WERKZAAMHEDEN, PROJECTEN, INITIATIEVEN)
OPEN_LAGEN = (KERNEN, *LAGEN, HINDER)
