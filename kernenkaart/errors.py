"""What the domain says when something cannot be done. The text is Dutch and fit for the screen."""


class KernenkaartError(Exception):
    """Base of the errors that a visitor gets to read.

    Args:
        melding: a plain Dutch sentence that says what is wrong and what to do.
    """

    def __init__(self, melding: str) -> None:
        super().__init__(melding)
        self.melding = melding


class NotFound(KernenkaartError):
    """The thing does not exist, or not for this actor."""

    def __init__(self, melding: str = "Deze pagina bestaat niet (meer).") -> None:
        super().__init__(melding)


class NotAllowed(KernenkaartError):
    """The actor may not do this."""

    def __init__(self, melding: str = "Je hebt geen rechten om dit te doen.") -> None:
        super().__init__(melding)


class Invalid(KernenkaartError):
    """A value that the domain refuses.

    Args:
        melding: what is wrong and what to do.
        veld: name of the form field the sentence belongs beside; None for the whole form.
    """

    def __init__(self, melding: str, veld: str | None = None) -> None:
        super().__init__(melding)
        self.veld = veld


class Conflict(KernenkaartError):
    """Somebody else changed the same thing in the meantime; nothing was overwritten."""

    def __init__(
        self,
        melding: str = (
            "Iemand anders heeft dit net veranderd. Kijk eerst wat er anders is. "
            "Jouw tekst is bewaard."
        ),
    ) -> None:
        super().__init__(melding)


class TooOften(KernenkaartError):
    """This was tried more often than is allowed in some time.

    Args:
        wacht_s: after so many seconds it may be tried again.
    """

    def __init__(self, melding: str, wacht_s: int = 900) -> None:
        super().__init__(melding)
        self.wacht_s = wacht_s
