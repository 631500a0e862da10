"""CQL2 Text to nodes: tokens first, then one descent along the grammar of OGC 21-065r2, annex B.

Not in the list, so refused: arithmetic, arrays and functions of one's own. A bit wider than the
grammar: BETWEEN takes days, moments and text too, and a moment may have another offset than Z.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from kernenkaart.errors import Invalid
from kernenkaart.ogc.cql2.literals import (
    DIEPTE_MAX,
    box_numbers,
    check_depth,
    check_size,
    check_text,
    parse_day,
    parse_instant,
    parse_moment,
    parse_number,
    show,
    to_shape,
)
from kernenkaart.ogc.cql2.nodes import (
    CHARACTER,
    COMPARE,
    FUNCTIONS,
    Box,
    Call,
    Interval,
    Items,
    Literal,
    Node,
    Property,
    Shape,
    call,
    check_end,
    refuse_function,
)

T = TypeVar("T")

_START = (
    ":_A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1ffe\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = rf"[{_START}][{_START}.0-9\u0300-\u036f\u203f\u2040]*+"
_TOKEN = re.compile(
    rf"""(?P<space>\s++)
    |(?P<text>'(?:[^'\\]|''|\\'|\\)*+')
    |(?P<quoted>"{_NAME}")
    |(?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)
    |(?P<word>{_NAME})
    |(?P<mark><>|<=|>=|[<>=(),+*/%^-])""",
    re.VERBOSE,
)
_RESERVED = frozenset({"AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "DIV"})
_BRACKETS = {"(": 1, ")": -1}
_GEOMETRIES = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
}


@dataclass(frozen=True)
class Token:
    """A piece of the text: its kind (a group of the pattern, or ``end``), itself, and where."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """An unquoted word or a mark in capitals; empty for the rest."""
        return self.text.upper() if self.kind in {"word", "mark"} else ""


def parse_text(text: str) -> Node:
    """The filter that a text in CQL2 says.

    Raises:
        Invalid: if it is longer than 4096 bytes, nested deeper than 20 brackets, or not understood;
            the sentence says at which character.
    """
    check_size(text)
    check_text(text)
    tokens = _split(text)
    check_depth((_BRACKETS.get(token.text, 0) for token in tokens), DIEPTE_MAX)
    reader = _Reader(tokens)
    node = reader.boolean()
    reader.expect_end()
    return node


def _split(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Invalid(_unreadable(text, at))
        if found.lastgroup and found.lastgroup != "space":
            tokens.append(Token(found.lastgroup, found[0], at))
        at = found.end()
    tokens.append(Token("end", "", len(text)))
    return tokens


def _unreadable(text: str, at: int) -> str:
    where = f"(bij teken {at + 1})"
    if text[at] in "'\"":
        return f"Een tekst of naam tussen aanhalingstekens klopt niet of houdt niet op {where}."
    if text.startswith("!=", at):
        return f"Schrijf <> voor 'is niet gelijk aan' {where}."
    return f"Het teken {show(text[at])} hoort niet in een filter {where}."


class _Reader:
    """Walks once over the tokens; each method reads one rule of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0

    # what comes next

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _is(self, *words: str) -> bool:
        return self._token.word in words

    def _opens(self) -> bool:
        """Whether an opening bracket comes after this token, or after a Z behind it."""
        after = [token.text for token in self._tokens[self._next + 1 : self._next + 3]]
        return after[:1] == ["("] or after in (["Z", "("], ["z", "("])

    def _take(self, *words: str) -> Token | None:
        """The next token, gone past, when it is one of ``words``."""
        if not self._is(*words):
            return None
        self._next += 1
        return self._tokens[self._next - 1]

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise self._fail(f"Hier hoort {show(word)} te staan")

    def _fail(self, melding: str, at: int | None = None) -> Invalid:
        token = self._token
        where = token.at if at is None else at
        staat = f", niet {show(token.text)}" if at is None and token.text else ""
        return Invalid(f"{melding}{staat} (bij teken {where + 1}).")

    def _checked(self, make: Callable[..., T], *args: Any, at: int) -> T:
        """What ``make`` makes; its error tells where."""
        try:
            return make(*args)
        except Invalid as error:
            raise Invalid(f"{error.melding.rstrip('.')} (bij teken {at + 1}).") from error

    def expect_end(self) -> None:
        """Refuse what comes after the filter."""
        if self._token.kind != "end":
            raise self._fail("Hier hoort AND, OR of het einde te staan")

    # conditions

    def boolean(self) -> Node:
        """``booleanExpression``: terms with OR between them."""
        nodes = [self._term()]
        while self._take("OR"):
            nodes.append(self._term())
        return nodes[0] if len(nodes) == 1 else call("or", *nodes)

    def _term(self) -> Node:
        nodes = [self._factor()]
        while self._take("AND"):
            nodes.append(self._factor())
        return nodes[0] if len(nodes) == 1 else call("and", *nodes)

    def _factor(self) -> Node:
        return call("not", self._primary()) if self._take("NOT") else self._primary()

    def _primary(self) -> Node:
        if self._take("("):
            node = self.boolean()
            self._expect(")")
            return self._null(node) if self._is("IS") else node
        at = self._token.at
        node = self._operand()
        found = self._predicate(node)
        if found is not None:
            return found
        if isinstance(node, Literal) and isinstance(node.value, bool):
            return node
        if isinstance(node, Call) and node.op not in CHARACTER:
            return node
        raise self._fail("Hier staat geen voorwaarde; vergelijk met =, <>, <, LIKE, IN …", at=at)

    def _predicate(self, left: Node) -> Node | None:
        """What compares ``left`` with something; None when nothing does."""
        if self._is("IS"):
            return self._null(left)
        if token := self._take(*COMPARE):
            return call(token.text, left, self._operand())
        negated = bool(self._take("NOT"))
        if self._take("LIKE"):
            node = call("like", left, self._operand())
        elif self._take("BETWEEN"):
            low = self._operand()
            self._expect("AND")
            node = call("between", left, low, self._operand())
        elif self._take("IN"):
            node = call("in", left, Items(tuple(self._list(self._operand))))
        elif negated:
            raise self._fail("Na NOT hoort hier LIKE, BETWEEN of IN")
        else:
            return None
        return call("not", node) if negated else node

    def _null(self, node: Node) -> Node:
        self._expect("IS")
        negated = bool(self._take("NOT"))
        self._expect("NULL")
        found = call("isnull", node)
        return call("not", found) if negated else found

    # values

    def _list(self, read: Callable[[], T]) -> list[T]:
        """Things between brackets with commas between them; at least one."""
        self._expect("(")
        found = [read()]
        while self._take(","):
            found.append(read())
        self._expect(")")
        return found

    def _operand(self) -> Node:
        node = self._value()
        if self._is("+", "-", "*", "/", "%", "^", "DIV"):
            raise self._fail("Rekenen kan niet in een filter", at=self._token.at)
        return node

    def _value(self) -> Node:
        token = self._token
        if token.kind == "word" and self._opens() and token.word not in _RESERVED:
            return self._named(token)
        if token.kind == "number" or self._is("+", "-"):
            return Literal(self._number())
        if token.kind == "text":
            return Literal(self._string())
        if token.kind == "quoted":
            self._next += 1
            return Property(token.text[1:-1])
        if token.kind != "word" or token.word in _RESERVED:
            raise self._fail("Hier hoort een eigenschap of een waarde")
        self._next += 1
        if token.word in {"TRUE", "FALSE"}:
            return Literal(token.word == "TRUE")
        return Property(token.text)

    def _named(self, token: Token) -> Node:
        """What begins with a name and an opening bracket."""
        self._next += 1
        name = token.word
        if name in {"DATE", "TIMESTAMP"}:
            self._expect("(")
            parse = parse_day if name == "DATE" else parse_moment
            at = self._token.at
            node = Literal(self._checked(parse, self._string(), at=at))
            self._expect(")")
            return node
        if name == "INTERVAL":
            ends = self._list(self._instant)
            if len(ends) != 2:
                raise self._fail("Een INTERVAL heeft een begin en een einde", at=token.at)
            return Interval(*ends)
        if name == "BBOX":
            return Box(self._checked(box_numbers, self._list(self._number), at=token.at))
        if name in _GEOMETRIES or name == "GEOMETRYCOLLECTION":
            return Shape(self._checked(to_shape, self._geometry(name), at=token.at))
        op = name.lower()
        if op not in FUNCTIONS:
            self._checked(refuse_function, token.text, at=token.at)
        return self._checked(call, op, *self._list(self._operand), at=token.at)

    def _string(self) -> str:
        token = self._token
        if token.kind != "text":
            raise self._fail("Hier hoort een tekst tussen enkele aanhalingstekens")
        self._next += 1
        return re.sub(r"''|\\'", "'", token.text[1:-1])

    def _number(self) -> int | float:
        sign = self._take("+", "-")
        token = self._token
        if token.kind != "number":
            raise self._fail("Hier hoort een getal")
        self._next += 1
        number = self._checked(parse_number, token.text, at=token.at)
        return -number if sign and sign.text == "-" else number

    def _instant(self) -> Property | Literal | None:
        at = self._token.at
        if self._token.kind == "text":
            instant = self._checked(parse_instant, self._string(), at=at)
            return None if instant is None else Literal(instant)
        return self._checked(check_end, self._operand(), at=at)

    # geometry: WKT, read here, for GEOS falls over when it is nested deep

    def _geometry(self, name: str) -> dict[str, Any]:
        """The geometry whose name was read, as GeoJSON."""
        self._take("Z")
        if name == "GEOMETRYCOLLECTION":
            return {"type": "GeometryCollection", "geometries": self._list(self._member)}
        readers: dict[str, Callable[[], Any]] = {
            "POINT": self._single,
            "LINESTRING": self._line,
            "POLYGON": self._polygon,
            "MULTIPOINT": lambda: self._list(self._single_or_bare),
            "MULTILINESTRING": lambda: self._list(self._line),
            "MULTIPOLYGON": lambda: self._list(self._polygon),
        }
        return {"type": _GEOMETRIES[name], "coordinates": readers[name]()}

    def _member(self) -> dict[str, Any]:
        name = self._token.word
        if name not in _GEOMETRIES:
            raise self._fail("Hier hoort een vorm, zoals POINT(5.29 51.87)")
        self._next += 1
        return self._geometry(name)

    def _position(self) -> list[int | float]:
        numbers = [self._number(), self._number()]
        if not self._is(",", ")"):
            numbers.append(self._number())
        return numbers

    def _single(self) -> list[int | float]:
        self._expect("(")
        position = self._position()
        self._expect(")")
        return position

    def _single_or_bare(self) -> list[int | float]:
        return self._single() if self._is("(") else self._position()

    def _line(self) -> list[list[int | float]]:
        return self._list(self._position)

    def _polygon(self) -> list[list[list[int | float]]]:
        return self._list(self._line)
