"""How does a chart write its numbers? d3 formats for axes and hover, and the words of a table."""

from dataclasses import dataclass

from dashboard import formats


@dataclass(frozen=True)
class Unit:
    """`prefix` stands before the number, because d3 knows no currency signs; `hover` is a d3 format of the exact value."""

    hover: str
    prefix: str = ""
    share: bool = False

    def axis(self, top: float) -> dict:
        """The tick format for an axis that ends at `top`: no 500m for a half, no 15.2k where 15k will do."""
        if self.share:
            form = ".2%" if top < 0.01 else ".1%" if top < 0.1 else ".0%"
        else:
            form = "~s" if top >= 1000 else ",.0f" if top > 5 else "~f"
        return {"tickprefix": self.prefix, "tickformat": form}

    def template(self) -> str:
        """The hover text of a value on the y axis."""
        return f"{self.prefix}%{{y:{self.hover}}}"


COUNT = Unit(",.0f")
SHARE = Unit(".2%", share=True)
SECONDS = Unit(",.0f")


def money(currency: str) -> Unit:
    """Amounts of one currency, to the cent on hover."""
    return Unit(",.2f", formats.symbol(currency))


def unit_of(kind: str, currency: str) -> Unit:
    """The unit of a metric of analytics.metrics: money, count, share or duration."""
    return {"money": money(currency), "count": COUNT, "share": SHARE, "duration": SECONDS}[kind]
