"""On the website of the village itself: list, month and map without a script, and oEmbed."""
