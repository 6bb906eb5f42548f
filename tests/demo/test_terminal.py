"""The progress bar."""

import io

from demo.terminal import Bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_that_fills_up():
    out = Terminal()
    bar = Bar("Demo shop", out)
    bar.show(0.5, "10 of 20 events stored")
    bar.close("20 events loaded")
    assert out.getvalue() == (
        "\rDemo shop  ████████████████░░░░░░░░░░░░░░░░  50%  10 of 20 events stored"
        "\rDemo shop  ████████████████████████████████ 100%  20 events loaded      \n"
    )


def test_a_log_gets_a_line_for_each_tenth():
    out = io.StringIO()
    bar = Bar("Demo shop", out)
    for share in (0.0, 0.04, 0.11, 0.13, 0.2):
        bar.show(share, "x")
    assert out.getvalue() == "Demo shop:   0%  x\nDemo shop:  11%  x\nDemo shop:  20%  x\n"
