"""A real SMTP server on a free port."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from kernenkaart.config import Settings


@dataclass
class Postbus:
    """What the server took in.

    Attributes:
        answer: what it says to a mail.
        delay_s: how long it takes before it says so, in seconds.
        begun: how many mails it began to take in.
    """

    port: int = 0
    answer: str = "250 OK"
    delay_s: float = 0.0
    begun: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the mail, unless we were told to refuse it."""
        self.begun += 1
        if self.answer.startswith("250"):
            parsed = message_from_bytes(envelope.content, policy=policy.SMTP)
            assert isinstance(parsed, EmailMessage)
            self.mails.append(parsed)
            self.rcpt += envelope.rcpt_tos
        await asyncio.sleep(self.delay_s)
        return self.answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def postbus() -> Iterator[Postbus]:
    """A running SMTP server."""
    box = Postbus(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def mailing(app: Flask, settings: Settings, postbus: Postbus) -> Iterator[Flask]:
    """The application with that server as its mail server."""
    app.extensions["kernenkaart.settings"] = replace(
        settings, mail_server="127.0.0.1", mail_poort=postbus.port
    )
    yield app
    app.extensions["kernenkaart.settings"] = settings
