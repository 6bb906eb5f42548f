"""The few errors of the domain. Each carries a sentence a user may read; api/errors.py maps class to status once."""


class EcapError(Exception):
    """Base of all errors that have an answer. `code` is the machine's word for it, `details` what a client may need."""

    code = "INTERNAL_ERROR"

    def __init__(self, message: str, *, details=None, code: str | None = None):
        super().__init__(message)
        self.message = message
        self.details = details
        if code:
            self.code = code


class Invalid(EcapError):
    """The request cannot be understood as it is. `fields` maps a field's name to its sentences."""

    code = "VALIDATION_ERROR"

    def __init__(self, message: str, *, fields: dict[str, list[str]] | None = None, details=None, code: str | None = None):
        super().__init__(message, details=details, code=code)
        self.fields = fields or {}


class NotAuthenticated(EcapError):
    """Nobody we know, or a wrong password."""

    code = "AUTHENTICATION_FAILED"


class NotPermitted(EcapError):
    """Somebody we know who may not do this."""

    code = "PERMISSION_DENIED"


class NotFound(EcapError):
    """There is no such thing in this shop; what another shop has is not found either."""

    code = "NOT_FOUND"


class Conflict(EcapError):
    """The thing is not in the state that this change needs."""

    code = "CONFLICT"


class LimitExceeded(EcapError):
    """Too much in too short a time; `retry_after_s` says when it may go on."""

    code = "RATE_LIMIT_EXCEEDED"

    def __init__(self, message: str, *, retry_after_s: int, details=None):
        super().__init__(message, details=details)
        self.retry_after_s = retry_after_s


class Unavailable(EcapError):
    """A store or service does not answer now. Nothing was accepted; the same request may be sent again."""

    code = "SERVICE_UNAVAILABLE"

    def __init__(self, message: str, *, retry_after_s: int = 1, details=None, code: str | None = None):
        super().__init__(message, details=details, code=code)
        self.retry_after_s = retry_after_s


class ProviderError(EcapError):
    """An outside service failed. `permanent` means that trying again cannot help."""

    code = "PROVIDER_FAILED"

    def __init__(self, message: str, permanent: bool):
        super().__init__(message)
        self.permanent = permanent
