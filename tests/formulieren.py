"""What tests of forms share: reading a page as a browser does, texts that must stay literal."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

# what must come out literally (T3, D4)
SCHERP = (
    "{{7*7}}",
    "{% if x %}",
    "{# niets #}",
    "${1+1}",
    "`x`",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a & b < c",
)


def hidden(text: str, naam: str) -> str:
    found = re.search(rf'name="{naam}"[^>]*value="([^"]*)"', text) or re.search(
        rf'value="([^"]*)"[^>]*name="{naam}"', text
    )
    assert found, naam
    return html.unescape(found[1])


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The SQL statements that are sent meanwhile."""
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", count)
