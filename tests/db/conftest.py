from tests.db.databases import (  # noqa: F401  (fixtures)
    database,
    empty_database,
    make_engine,
    postgres,
)
