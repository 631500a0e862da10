"""Keep rendered pages for anonymous visitors, as long as the data stays the same."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

PLAATS = b"\0nonce\0"


class Paginas:
    """Pages by key, the least recently asked thrown away first. Safe for threads.

    A key holds everything the page depends on, the version of the data included, so that nothing
    ever has to be thrown away because it is wrong.

    Args:
        max_bytes: of all pages together.
    """

    def __init__(self, max_bytes: int = 5_000_000) -> None:
        self.max_bytes = max_bytes
        self._bytes = 0
        self._paginas: OrderedDict[Hashable, tuple[int, bytes]] = OrderedDict()
        self._slot = threading.Lock()

    def get(self, key: Hashable, nonce: str) -> tuple[int, bytes] | None:
        """Status and content of a page, with the nonce of this answer; None when unknown."""
        with self._slot:
            found = self._paginas.get(key)
            if found:
                self._paginas.move_to_end(key)
        return (found[0], found[1].replace(PLAATS, nonce.encode())) if found else None

    def put(self, key: Hashable, nonce: str, status: int, content: bytes) -> None:
        """Keep a page that was rendered with ``nonce``."""
        page = content.replace(nonce.encode(), PLAATS)
        with self._slot:
            old = self._paginas.pop(key, None)
            self._bytes += len(page) - (len(old[1]) if old else 0)
            self._paginas[key] = (status, page)
            while self._bytes > self.max_bytes:
                _key, (_status, thrown) = self._paginas.popitem(last=False)
                self._bytes -= len(thrown)
