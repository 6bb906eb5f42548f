"""What a funnel is: its steps, what may not happen between them, the time it has, and what is counted."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from analytics import event_names
from errors import Invalid

KINDS = {"event": "Event", "name": "Event name", "page_type": "Page type", "page": "Page", "property": "Property"}
TEXT_OPERATORS = ("is", "like")
PROPERTY_OPERATORS = ("is", "is_not", "like", "more_than", "at_least", "less_than", "at_most", "is_set")
UNITS = ("session", "visitor", "person")
FEWEST_STEPS, MOST_STEPS, MOST_ALTERNATIVES, MOST_EXCLUSIONS = 2, 10, 10, 6
LONGEST_WINDOW = timedelta(days=366)
LONGEST_TEXT = 500

_WORDS = {
    "page_view": "Viewed a page",
    "view_item_list": "Viewed a list",
    "view_item": "Viewed a product",
    "search": "Searched",
    "add_to_cart": "Added to cart",
    "view_cart": "Viewed the cart",
    "begin_checkout": "Started checkout",
    "add_shipping_info": "Entered shipping",
    "add_payment_info": "Entered payment",
    "purchase": "Paid",
    "sign_up": "Signed up",
    "login": "Signed in",
    "feedback": "Gave feedback",
    "error": "Met an error",
}
_SIGNS = {
    "is": "is",
    "is_not": "is not",
    "like": "like",
    "more_than": ">",
    "at_least": "≥",
    "less_than": "<",
    "at_most": "≤",
    "is_set": "is set",
}


@dataclass(frozen=True)
class Step:
    """An event that counts: by its canonical name, the sender's own name, its page's type or address, or one of its properties."""

    kind: str  # one of KINDS
    value: str
    operator: str = "is"  # "like" takes % and _ as SQL does; properties know PROPERTY_OPERATORS
    key: str = ""  # of a property; "product.price" is price inside product
    optional: bool = False  # who skips it is not lost
    any_of: tuple["Step", ...] = ()  # further events that count as this step, too

    @property
    def alternatives(self) -> tuple["Step", ...]:
        return (replace(self, optional=False, any_of=()), *self.any_of)

    @property
    def label(self) -> str:
        return " or ".join(alternative._words() for alternative in self.alternatives)

    def _words(self) -> str:
        if self.kind == "property":
            return f"{self.key} {_SIGNS[self.operator]} {self.value}".rstrip()
        return _WORDS.get(self.value, self.value) if self.kind == "event" else self.value

    def as_dict(self) -> dict:
        """What parse() reads; defaults are left out."""
        plain = {"kind": self.kind, "value": self.value}
        plain |= {"operator": self.operator} if self.operator != "is" else {}
        plain |= {"key": self.key} if self.key else {}
        plain |= {"optional": True} if self.optional else {}
        return plain | ({"any_of": [step.as_dict() for step in self.any_of]} if self.any_of else {})

    @classmethod
    def parse(cls, raw: dict, where: str) -> "Step":
        """The Step in `raw`; raises Invalid that names the field under `where`."""
        _require(isinstance(raw, dict), where, "is an object with kind and value")
        kind, key = raw.get("kind", "event"), str(raw.get("key") or "")[:LONGEST_TEXT]
        _require(kind in KINDS, f"{where}.kind", f"is one of {', '.join(KINDS)}")
        operator, value = raw.get("operator", "is"), raw.get("value", "")
        operators = PROPERTY_OPERATORS if kind == "property" else TEXT_OPERATORS
        _require(operator in operators, f"{where}.operator", f"is one of {', '.join(operators)}")
        _require(isinstance(value, str | int | float) and len(str(value)) <= LONGEST_TEXT, f"{where}.value", "is a short text or a number")
        value = str(value)
        _require(bool(value) or operator == "is_set", f"{where}.value", "is missing")
        _require(bool(key) == (kind == "property"), f"{where}.key", "names a property, where the kind is property")
        if operator in ("more_than", "at_least", "less_than", "at_most"):
            _require(_is_number(value), f"{where}.value", "is a number")
        if kind == "event" and operator == "is":
            value = event_names.canonical(value)
        others = _list(raw.get("any_of", []), f"{where}.any_of", MOST_ALTERNATIVES)
        any_of = tuple(replace(cls.parse(other, f"{where}.any_of.{n}"), optional=False) for n, other in enumerate(others))
        flat = tuple(step for other in any_of for step in other.alternatives)
        return cls(kind, value, operator, key, raw.get("optional") is True, flat)


@dataclass(frozen=True)
class Exclusion:
    """An event that must not happen between step number `after_step`, counted from 1, and the one that follows it."""

    after_step: int
    step: Step

    def as_dict(self) -> dict:
        return {"after_step": self.after_step, "step": self.step.as_dict()}


@dataclass(frozen=True)
class Definition:
    """A funnel. `window` is the time from the first step to the last; None sets no limit within what is counted."""

    name: str
    steps: tuple[Step, ...]
    exclusions: tuple[Exclusion, ...] = ()
    window: timedelta | None = field(default_factory=lambda: timedelta(days=7))
    unit: str = "session"  # one of UNITS

    @property
    def labels(self) -> list[str]:
        return [step.label for step in self.steps]

    def as_dict(self) -> dict:
        """What parse() reads."""
        return {
            "name": self.name,
            "unit": self.unit,
            "window": None if self.window is None else int(self.window.total_seconds()),
            "steps": [step.as_dict() for step in self.steps],
            "exclusions": [exclusion.as_dict() for exclusion in self.exclusions],
        }

    @classmethod
    def parse(cls, raw: dict) -> "Definition":
        """The Definition in `raw`, whose `window` is in seconds; raises Invalid that names the field it cannot read."""
        _require(isinstance(raw, dict), "definition", "is an object")
        _require(raw.keys() <= {"name", "unit", "window", "steps", "exclusions"}, "definition", "has fields that a funnel does not know")
        listed = _list(raw.get("steps"), "steps", MOST_STEPS)
        _require(len(listed) >= FEWEST_STEPS, "steps", f"are at least {FEWEST_STEPS}")
        steps = tuple(Step.parse(step, f"steps.{number}") for number, step in enumerate(listed))
        _require(not (steps[0].optional or steps[-1].optional), "steps", "begin and end with one that is not optional")
        _require(raw.get("unit", "session") in UNITS, "unit", f"is one of {', '.join(UNITS)}")
        name = raw.get("name") or "Funnel"
        _require(isinstance(name, str) and len(name) <= 100, "name", "is a text of at most 100 characters")
        excluded = _list(raw.get("exclusions", []), "exclusions", MOST_EXCLUSIONS)
        exclusions = tuple(_exclusion(item, len(steps), f"exclusions.{number}") for number, item in enumerate(excluded))
        return cls(name, steps, exclusions, _window(raw.get("window", 7 * 86400)), raw.get("unit", "session"))


def _exclusion(raw, steps: int, where: str) -> Exclusion:
    _require(isinstance(raw, dict), where, "is an object with after_step and step")
    after = raw.get("after_step")
    _require(type(after) is int and 1 <= after < steps, f"{where}.after_step", f"is a number from 1 to {steps - 1}")
    return Exclusion(after, replace(Step.parse(raw.get("step"), f"{where}.step"), optional=False))


def _window(raw) -> timedelta | None:
    if raw is None:
        return None
    _require(type(raw) is int and 0 < raw <= LONGEST_WINDOW.total_seconds(), "window", "is a number of seconds up to a year, or null")
    return timedelta(seconds=raw)


def _list(raw, where: str, most: int) -> list:
    _require(isinstance(raw, list), where, "is a list")
    _require(len(raw) <= most, where, f"are at most {most}")
    return raw


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text) and abs(float(text)) != float("inf")
    except ValueError:
        return False


def _require(holds: bool, where: str, sentence: str) -> None:
    if not holds:
        raise Invalid(f"{where} {sentence}.", fields={where: [sentence]})


def _events(name: str, *values: str, kind: str = "event", **more) -> Definition:
    return Definition(name, tuple(Step(kind, value) for value in values), **more)


CHECKOUT = _events("Checkout", "view_item", "add_to_cart", "begin_checkout", "add_payment_info", "purchase")
PAGES = _events("Pages", "home", "search", "payment", "confirmation", kind="page_type", unit="person")
