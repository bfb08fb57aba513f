"""Every error that a door may have to explain.

    CarelineError                500 internal
    ├── BadRequest               400 bad_request
    ├── Unauthorized             401 unauthorized
    │   └── SignInRefused        401 sign_in_refused (one sentence, whatever was wrong)
    ├── Forbidden                403 forbidden
    ├── NotFound                 404 not_found
    ├── Gone                     410 session_expired
    ├── TooLarge                 413 too_large
    ├── UnsupportedMediaType     415 unsupported_media_type
    ├── EditOvertaken            409 edit_overtaken (somebody else edited the same thing meanwhile)
    ├── Unprocessable            422 unprocessable
    │   ├── ChoiceNotOffered     422 choice_not_offered
    │   ├── PasswordRefused      422 password_refused (too short, too common: says what to do)
    │   ├── CodeRefused          422 code_refused  (a one-time code that is wrong, used or too old)
    │   ├── NameTaken            422 name_taken    (another person signs in with this name)
    │   ├── LastAdmin            422 last_admin    (a clinic would have nobody to look after it)
    │   └── PromotionRefused     422 promotion_refused (`why` is the reason, as a code)
    ├── TooManyRequests          429 too_many_requests
    ├── SetupError               500 setup         (a person has to put something right: says what)
    │   └── ContentError         500 content       (names file, line and key)
    └── Unavailable              503 unavailable
        ├── StoreUnavailable     503 store_unavailable
        └── TurnOvertaken        503 turn_overtaken (another message was answered first)

`status` and `code` are what a visitor's client sees; `str(error)` is a sentence for a person and
never holds anything that a visitor typed. The doors turn these into responses in one place, the
command line into one line and exit code 1.
"""

from __future__ import annotations


class CarelineError(Exception):
    """Base of all errors that we raise on purpose."""

    status = 500
    code = "internal"


class BadRequest(CarelineError):
    status = 400
    code = "bad_request"


class Unauthorized(CarelineError):
    status = 401
    code = "unauthorized"


class SignInRefused(Unauthorized):
    code = "sign_in_refused"


class Forbidden(CarelineError):
    status = 403
    code = "forbidden"


class NotFound(CarelineError):
    status = 404
    code = "not_found"


class Gone(CarelineError):
    status = 410
    code = "session_expired"


class TooLarge(CarelineError):
    status = 413
    code = "too_large"


class UnsupportedMediaType(CarelineError):
    status = 415
    code = "unsupported_media_type"


class EditOvertaken(CarelineError):
    status = 409
    code = "edit_overtaken"


class Unprocessable(CarelineError):
    status = 422
    code = "unprocessable"


class ChoiceNotOffered(Unprocessable):
    code = "choice_not_offered"


class PasswordRefused(Unprocessable):
    code = "password_refused"


class CodeRefused(Unprocessable):
    code = "code_refused"


class NameTaken(Unprocessable):
    code = "name_taken"


class LastAdmin(Unprocessable):
    code = "last_admin"


class PromotionRefused(Unprocessable):
    """A model cannot be put in force. Whoever shows this to a person words the reason."""

    code = "promotion_refused"

    def __init__(self, why: str):
        """`why`: one of `bot.candidates.model.Refusal`."""
        super().__init__(f"This model cannot be put in force: {why}.")
        self.why = why


class TooManyRequests(CarelineError):
    """Asked too often; `retry_after` says when to try again."""

    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, retry_after: int):
        """`retry_after`: seconds until a request will be let through again."""
        super().__init__(message)
        self.retry_after = retry_after


class SetupError(CarelineError):
    code = "setup"


class ContentError(SetupError):
    code = "content"


class Unavailable(CarelineError):
    status = 503
    code = "unavailable"


class StoreUnavailable(Unavailable):
    code = "store_unavailable"


class TurnOvertaken(Unavailable):
    code = "turn_overtaken"
