"""Measures of the map: constants, the only values that enter the composed map."""

ZOOM_MIN = 6
ZOOM_MAX = 19
MIDDEN = (52.1, 5.2)  # somewhere in the country; the page brings its own frame
CEL_PX = 64  # width of a grid cell in which markers are taken together
APART_PX = 40  # markers nearer to one another than this are taken together too
KERN_ZOOM = 11  # up to this zoom: one count per kern
ALLES_ZOOM = 18  # from this zoom on: no groups, but for things on the very same spot
VORM_ZOOM = 13  # from this zoom on lines and areas are drawn, not only the chosen one
HINDER_ZOOM = 14  # from this zoom on every work's hinder and detour too, not only the chosen one's
