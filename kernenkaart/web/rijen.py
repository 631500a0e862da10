"""A field that holds a few rows of a small table, filled in without a script."""

import json
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from kernenkaart.web.velden import GetypteWaarde, clean


class RijenVeld(GetypteWaarde):
    """Rows of texts. Data is a list of dicts by column; rows that are wholly empty are left out.

    In a form each column is a list of inputs named ``<field>-<column>``; a page that only carries
    the form along holds one hidden input with JSON.

    Args:
        kolommen: names of the columns.
        leeg: columns that do not make a row by themselves (a choice that is never empty).
        rijen_max: more rows are refused.
    """

    def __init__(
        self,
        *args: Any,
        kolommen: tuple[str, ...],
        leeg: tuple[str, ...] = (),
        rijen_max: int = 20,
        **kwargs: Any,
    ) -> None:
        self.kolommen = kolommen
        self.leeg = leeg
        self.rijen_max = rijen_max
        super().__init__(*args, **kwargs)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Take the columns of a form, or the JSON of a page that carried it along."""
        if isinstance(formdata, MultiDict) or hasattr(formdata, "getlist"):
            lists = {k: formdata.getlist(f"{self.name}-{k}") for k in self.kolommen}
            if any(lists.values()):
                count = max(map(len, lists.values()))
                rows = [
                    {k: v[i] if i < len(v) else "" for k, v in lists.items()} for i in range(count)
                ]
                formdata = MultiDict({self.name: json.dumps(rows)})
        super().process(formdata, *args, **kwargs)

    def parse(self, text: str) -> list[dict[str, str]]:
        """The rows of the JSON; ValueError carries the Dutch sentence."""
        try:
            raw = json.loads(text)
            rows = [{k: clean(str(row.get(k, ""))) for k in self.kolommen} for row in raw]
        except (ValueError, AttributeError, TypeError) as error:
            raise ValueError("Vul deze regels opnieuw in.") from error
        rows = [r for r in rows if any(v for k, v in r.items() if k not in self.leeg)]
        if len(rows) > self.rijen_max:
            raise ValueError(f"Gebruik hoogstens {self.rijen_max} regels.")
        return rows

    def notation(self, waarde: list[dict[str, str]]) -> str:
        """The rows as JSON, always the same for the same rows."""
        return json.dumps(waarde, ensure_ascii=False, sort_keys=True)

    def rows(self, erbij: int) -> list[dict[str, str]]:
        """The rows to show: what is filled in and some empty ones."""
        empty = dict.fromkeys(self.kolommen, "")
        return [*(self.data or []), *(dict(empty) for _ in range(erbij))]

    def pre_validate(self, form: BaseForm) -> None:
        """Nothing more than parsing."""
