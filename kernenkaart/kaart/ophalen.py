"""Ask a service outside, without ever letting it hold us up: a deadline, a size, a fuse."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import urllib3

log = logging.getLogger(__name__)

FOUTEN_MAX = 5  # so many failures in a row, and we leave the service alone
RUST_S = 30.0


class NietBereikbaar(Exception):
    """The service gave no usable answer, or is being left alone for a while."""


class Dienst:
    """One service outside. Safe for threads.

    Args:
        naam: for the log.
        timeout_s: the whole answer must be there within this time.
        max_bytes: larger answers are refused.
        gelijktijdig: at most so many questions at once; more are refused at once.
    """

    def __init__(
        self, naam: str, *, timeout_s: float, max_bytes: int, gelijktijdig: int = 4
    ) -> None:
        self.naam = naam
        self.timeout_s = timeout_s
        self.max_bytes = max_bytes
        self._plaatsen = threading.BoundedSemaphore(gelijktijdig)
        self._slot = threading.Lock()
        self._fouten = 0
        self._rust_tot = 0.0
        self._pool = urllib3.PoolManager(
            maxsize=gelijktijdig, retries=False, headers={"User-Agent": "kernenkaart"}
        )

    def get(
        self,
        url: str,
        fields: Mapping[str, Any] | None = None,
        check: Callable[[bytes], bool] = bool,
    ) -> bytes:
        """The body of a 200 answer that passes ``check``. Redirects are not followed.

        Raises:
            NietBereikbaar: in every other case; the log says why.
        """
        if time.monotonic() < self._rust_tot:
            raise NietBereikbaar(f"{self.naam}: rust")
        if not self._plaatsen.acquire(blocking=False):
            raise NietBereikbaar(f"{self.naam}: druk")
        try:
            body = self._fetch(url, fields)
            if not check(body):
                raise NietBereikbaar(f"{self.naam}: onbruikbaar antwoord")
        except (urllib3.exceptions.HTTPError, OSError, NietBereikbaar) as error:
            self._failed(error)
            raise NietBereikbaar(str(error)) from error
        finally:
            self._plaatsen.release()
        with self._slot:
            self._fouten = 0
        return body

    def _fetch(self, url: str, fields: Mapping[str, Any] | None) -> bytes:
        deadline = time.monotonic() + self.timeout_s
        answer = self._pool.request(
            "GET",
            url,
            fields=dict(fields) if fields else None,
            timeout=urllib3.Timeout(total=self.timeout_s),
            redirect=False,
            preload_content=False,
        )
        body = bytearray()
        try:
            if answer.status != 200:
                raise NietBereikbaar(f"{self.naam}: status {answer.status}")
            # a drip of bytes never reaches the read timeout: watch the clock ourselves
            while part := answer.read1(16_384):
                body += part
                if len(body) > self.max_bytes or time.monotonic() > deadline:
                    raise NietBereikbaar(f"{self.naam}: te groot of te traag")
        except BaseException:
            answer.close()
            raise
        answer.release_conn()
        return bytes(body)

    def _failed(self, error: Exception) -> None:
        with self._slot:
            self._fouten += 1
            if self._fouten >= FOUTEN_MAX:
                self._fouten = 0
                self._rust_tot = time.monotonic() + RUST_S
                log.warning("%s left alone for %s s: %s", self.naam, RUST_S, error)
