"""Personal data and secrets recognised by their form, and replaced by what they are: `[email]`, `[card]`, …"""

import ipaddress
import re
from collections.abc import Callable

EMAIL = re.compile(r"[\w.+%'-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
JWT = re.compile(r"\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?")
KEY = re.compile(r"\b(ecap_[a-z]+_)[\w-]{8,}|\bsk-ant-[\w-]{8,}|\bwhsec_[\w+/=-]{8,}")
URL_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
# 14 digits and more with a scheme's first digit: milliseconds have 13, microseconds begin with 1.
CARD = re.compile(r"(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){10,15}(?![\w-])")
IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)")
IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:])")
PHONE = re.compile(
    r"(?<![\w.+-])(?:(?:\+|00)[1-9]\d{0,2}[ ./-]?(?:\(0?\d{1,4}\)[ ./-]?)?\d(?:[ ./-]?\d){5,11}"  # with the country's number
    r"|\(\d{3}\) ?\d{3}[ -]\d{4}|\d{3}-\d{3}-\d{4}"  # North America
    r"|0\d{2,4}[ /]\d{3,4}[ ]?\d{3,5})(?![\w-])"  # a town's prefix
)


def mask(text: str) -> str:
    """`text` with e-mail addresses, phone numbers, cards, IBANs, addresses of machines, tokens and our keys replaced."""
    if not any(character in text for character in "@%.:+_-0123456789"):
        return text
    for pattern, replace in _REPLACEMENTS:
        text = pattern.sub(replace, text)
    return text


def _checked(label: str, is_real: Callable[[str], bool]) -> Callable[[re.Match], str]:
    """Replace only what passes the form's own check, so that order numbers and versions stay readable."""
    return lambda found: label if is_real(found.group()) else found.group()


def _is_card(text: str) -> bool:
    """Luhn's check."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616's check: the number, read with letters as 10 to 35, leaves 1 when divided by 97."""
    plain = text.replace(" ", "")
    return 15 <= len(plain) <= 34 and int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _is_foreign_address(text: str) -> bool:
    """A real address that is not this machine's own."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


_REPLACEMENTS = (
    (JWT, "[token]"),
    (KEY, lambda found: f"{found.group(1) or ''}[key]"),
    (URL_PASSWORD, r"\1:[hidden]@"),
    (EMAIL, "[email]"),
    (IBAN, _checked("[iban]", _is_iban)),
    (CARD, _checked("[card]", _is_card)),
    (IPV6, _checked("[ip]", _is_foreign_address)),
    (IPV4, _checked("[ip]", _is_foreign_address)),
    (PHONE, "[phone]"),
)
