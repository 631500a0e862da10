"""Pictures with things: made anew on the way in, with a text for who does not see them."""
