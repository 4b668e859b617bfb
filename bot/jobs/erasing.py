"""How is a person taken out of what jobs have recorded?"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dbos import DBOSClient

from bot.jobs.database import (
    SCHEMA,
    jobs_are_current,
    log_through_us,
    prepare_connections,
    scrub,
    system_database_url,
)

DONE = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


def forget_naming(database_url: str, prefix: str, person: str) -> tuple[int, int]:
    """Erase what is done and names a person, under keys that begin with ``prefix``: from outside of the program.

    ``person`` is a mail address or a Slack user's id, whatever its case. Reads everything under the prefix, so
    it is slow and rare. Returns how many records are erased, and how many are left because their work is under
    way. Blocks.
    """
    url = system_database_url(database_url)
    if url.get_backend_name() == "sqlite":
        if not Path(str(url.database)).exists():
            return 0, 0
    elif not jobs_are_current(database_url):
        return 0, 0
    # In JSON, a quotation mark has an escape; and a mail or a link may write a sign before the name as =3D or %3C.
    spellings = dict.fromkeys((person, json.dumps(person, ensure_ascii=False)[1:-1]))
    before = r"(?:(?<!\w)|(?<=[=%][0-9a-f]{2}))"
    named = re.compile(rf"{before}(?:{'|'.join(map(re.escape, spellings))})(?!\w)", re.IGNORECASE)
    prepare_connections()
    log_through_us()
    client = DBOSClient(
        system_database_url=url.render_as_string(hide_password=False), dbos_system_schema=SCHEMA
    )
    erased = left = 0
    try:
        keys = client.list_workflows(workflow_id_prefix=prefix, load_input=False, load_output=False)
        for key in [status.workflow_id for status in keys]:
            found = client.list_workflows(workflow_ids=[key])
            kept = [[status.input for status in found], client.list_workflow_steps(key)]
            if not any(named.search(text) for text in _texts(kept)):
                continue
            if any(status.status in DONE for status in found):
                client.delete_workflow(key)
                erased += 1
            else:
                left += 1
    finally:
        client.destroy()
    scrub(url)
    return erased, left


def _texts(value: Any) -> Iterator[str]:
    """Everything in ``value`` as texts, each as it was written: without JSON's escapes, such as that of a new line."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    else:
        yield str(value)
