"""Single cells as values: what every kind of row needs, with the words for what is wrong with one."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from actions import upload_numbers, upload_roles, upload_times
from actions.upload_mapping import Mapping

MAX_ID = 200  # characters of an id; a longer one is a text in the wrong column
MAX_TEXT = 500
MAX_QUANTITY = 1_000_000_000
Getter = Callable[[Sequence[str]], str]


class BadRow(Exception):
    """The row cannot be stored: why, in which column, and what stands there."""

    def __init__(self, reason: str, field: str, raw: str):
        super().__init__(reason)
        self.reason, self.field, self.raw = reason, field, raw


class Columns:
    """The values of one file's columns by role."""

    def __init__(self, mapping: Mapping, header: Sequence[str]):
        self._mapping = mapping
        self._header = header
        self._number = upload_numbers.reader(mapping.decimal)
        self._time = upload_times.reader(mapping.time_form, mapping.zone)

    def text(self, role: str, most: int = MAX_TEXT) -> Getter:
        """A function from a row to the text of this role, cut to `most`; '' where no column has the role."""
        place = self._mapping.column(role)
        if place is None:
            return lambda cells: ""
        return lambda cells: cells[place].strip()[:most]

    def id(self, role: str, *, needed: bool = False) -> Getter:
        """As `text`, for an id: one that is too long is a bad row, and so is an empty one that is `needed`."""
        place = self._mapping.column(role)
        if place is None:
            return lambda cells: ""
        name, label = self._header[place], upload_roles.label(self._mapping.kind, role)

        def read(cells: Sequence[str]) -> str:
            value = cells[place].strip()
            if len(value) > MAX_ID:
                raise BadRow(f"{label} is longer than {MAX_ID} characters", name, value)
            if needed and not value:
                raise BadRow(f"{label} is empty", name, value)
            return value

        return read

    def time(self) -> Callable[[Sequence[str]], int]:
        """A function from a row to its time in ms; a row without a time that can be read is bad."""
        place, read = self._mapping.column("time"), self._time
        name = self._header[place]

        def milliseconds(cells: Sequence[str]) -> int:
            found = read(cells[place])
            if found is None:
                reason = "Time cannot be read" if cells[place].strip() else "Time is empty"
                raise BadRow(reason, name, cells[place])
            return found

        return milliseconds

    def number(self, role: str, *, needed: bool = False) -> Callable[[Sequence[str]], Decimal | None]:
        """A function from a row to the number of this role; None where it is empty and not `needed`, or where no column has it."""
        place, read = self._mapping.column(role), self._number
        if place is None:
            return lambda cells: None
        name, label = self._header[place], upload_roles.label(self._mapping.kind, role)

        def number(cells: Sequence[str]) -> Decimal | None:
            text = cells[place]
            found = read(text)
            if found is None and (needed or text.strip()):
                raise BadRow(f"{label} is not a number" if text.strip() else f"{label} is empty", name, text)
            return found

        return number

    def quantity(self, *, needed: bool) -> Callable[[Sequence[str]], int | None]:
        """A function from a row to its whole number of pieces."""
        place = self._mapping.column("quantity")
        number = self.number("quantity", needed=needed)

        def pieces(cells: Sequence[str]) -> int | None:
            found = number(cells)
            if found is None:
                return None
            whole = int(found)
            if whole != found or abs(whole) > MAX_QUANTITY:
                raise BadRow("Quantity is not a whole number", self._header[place], cells[place])
            return whole

        return pieces

    def kept(self) -> list[tuple[int, str]]:
        """The columns that are kept as properties: place and name."""
        return [(place, self._header[place]) for place, role in enumerate(self._mapping.columns) if role == upload_roles.KEEP]
