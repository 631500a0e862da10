"""Excel files from elsewhere: what may be opened, and a cell as somebody would have typed it.

Only a child process opens one (T6); nothing here needs openpyxl.
"""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from kernenkaart.errors import Invalid

UITGEPAKT_MB = 50
VERHOUDING = 100
LEDEN = 100
BESCHADIGD = "Dit Excel-bestand is niet te lezen. Bewaar het opnieuw als .xlsx, of als .csv."


def refuse_hostile(data: bytes, uitgepakt_mb: int = UITGEPAKT_MB) -> None:
    """Refuse a workbook that costs too much to open.

    Raises:
        Invalid: if it has too many parts, or becomes too large.
        zipfile.BadZipFile: if it is no workbook.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    size = sum(member.file_size for member in members)
    allowed = min(uitgepakt_mb * 1_000_000, max(len(data) * VERHOUDING, 1_000_000))
    if len(members) > LEDEN or size > allowed:
        raise Invalid("Dit Excel-bestand is te groot. Bewaar alleen de tabel, als .csv.")


def typed(cell: Any) -> str:
    """What somebody would have typed: a day, a time, a number without its decimal point."""
    match cell:
        case None:
            return ""
        case datetime():
            if cell.time() == time():
                return f"{cell:%d-%m-%Y}"
            return f"{cell:%d-%m-%Y %H.%M}" if cell.year > 1904 else f"{cell:%H.%M}"
        case date():
            return f"{cell:%d-%m-%Y}"
        case time():
            return f"{cell:%H.%M}"
        case timedelta():
            minuten = round(cell.total_seconds() / 60) % 1440
            return f"{minuten // 60}.{minuten % 60:02}"
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell).replace("\t", " ")
