"""Every route of the staff door and what it needs, written down a second time by hand.

`open`: anybody. `begun`: whoever has given the password. `setting_up`: also while the second factor
has yet to be set up. `own`: whoever is signed in. Else a permission.
"""

from __future__ import annotations

MAY = {
    "read": {"reader", "reviewer", "admin"},
    "review": {"reviewer", "admin"},
    "export": {"reviewer", "admin"},
    "delete": {"admin"},
    "content": {"editor", "admin"},
    "notices": {"editor", "admin"},
    "audit": {"admin"},
    "people": {"admin"},
    "retention": {"admin"},
}
"""The roles that have a permission."""

DOOR = {
    "GET /": "own",
    "GET /sign-in": "open",
    "POST /sign-in": "open",
    "POST /sign-out": "begun",
    "GET /welcome": "open",
    "POST /welcome": "open",
    "GET /oidc/start": "open",
    "GET /oidc/callback": "open",
    "GET /second-factor": "begun",
    "POST /second-factor": "begun",
    "GET /second-factor/set-up": "setting_up",
    "POST /second-factor/set-up": "setting_up",
    "GET /second-factor/picture": "setting_up",
    "GET /me": "own",
    "POST /me/password": "own",
    "POST /me/second-factor-off": "own",
    "POST /me/recovery-codes": "own",
    "POST /me/end-sessions": "own",
}
PEOPLE = {
    "GET /people": "people",
    "GET /people/new": "people",
    "POST /people/new": "people",
    "POST /people/second-factor/{clinic}": "people",
    "GET /people/{person}": "people",
    "POST /people/{person}/roles/{clinic}": "people",
    "POST /people/{person}/disable": "people",
    "POST /people/{person}/enable": "people",
    "POST /people/{person}/end-sessions": "people",
    "POST /people/{person}/reset": "people",
    "POST /people/{person}/oidc": "people",
}
CONVERSATIONS = {
    "GET /conversations": "read",
    "GET /conversations/keys": "read",
    "POST /conversations/keys": "read",
    "POST /conversations/change": "review",
    "POST /conversations/delete": "delete",
    "GET /conversations/export": "export",
    "POST /conversations/export": "export",
    "POST /conversations/filters": "review",
    "POST /conversations/filters/{number}/drop": "review",
    "GET /conversations/{id}": "read",
    "POST /conversations/{id}/download": "export",
    "GET /conversations/{id}/delete": "delete",
    "POST /conversations/{id}/delete": "delete",
    "POST /conversations/{id}/reviewed": "review",
    "POST /conversations/{id}/assigned": "review",
    "POST /conversations/{id}/tags": "review",
    "POST /conversations/{id}/tags/remove": "review",
    "POST /conversations/{id}/notes": "review",
    "POST /conversations/{id}/notes/{number}/delete": "review",
}
MISSED = {
    "GET /missed": "read",
    "GET /missed/{number}": "read",
    "POST /missed/{number}/decide": "review",
    "POST /missed/{number}/examples": "review",
}
ANSWERS = {
    "GET /answers": "content",
    "GET /answers/new": "content",
    "POST /answers/new": "content",
    "GET /answers/files": "content",
    "GET /answers/files/download": "content",
    "POST /answers/files": "content",
    "POST /answers/approval/{clinic}": "people",
    "GET /answers/{place}": "content",
    "POST /answers/{place}": "content",
    "POST /answers/{place}/approve": "content",
    "POST /answers/{place}/send-back": "content",
    "POST /answers/{place}/discard": "content",
    "POST /answers/{place}/take-away": "content",
    "GET /answers/{place}/history": "content",
    "POST /answers/{place}/restore": "content",
}
CLINIC = {
    "GET /notices": "notices",
    "GET /notices/{clinic}": "notices",
    "POST /notices/{clinic}": "notices",
    "POST /notices/{clinic}/off": "notices",
    "GET /routes": "notices",
    "GET /routes/{clinic}": "notices",
    "POST /routes/{clinic}": "notices",
    "GET /retention": "retention",
    "GET /retention/{clinic}": "retention",
    "POST /retention/{clinic}": "retention",
    "POST /retention/find": "retention",
    "POST /retention/delete": "retention",
    "GET /audit": "audit",
    "POST /audit/check": "audit",
    "GET /audit/export/{kind}": "audit",
}

BETTER = {
    "GET /conversations/{id}/correct/{message}": "review",
    "POST /conversations/{id}/correct/{message}": "review",
    "GET /corrections": "review",
    "POST /corrections/export": "export",
    "POST /corrections/{id}": "review",
    "GET /training": "review",
    "POST /training/train": "review",
    "POST /training/stop": "review",
    "GET /training/roll-back": "review",
    "POST /training/roll-back": "review",
    "GET /training/{model}": "review",
    "POST /training/{model}/compare": "review",
    "GET /training/{model}/promote": "review",
    "POST /training/{model}/promote": "review",
}

NEEDS = {**DOOR, **PEOPLE, **CONVERSATIONS, **MISSED, **ANSWERS, **CLINIC, **BETTER}
