"""Vector tiles of all public layers: near by everything with its title, far away how much there is.

Its tables hold nothing of their own: ``flask tegels herbouw`` makes them again at any time.
"""
