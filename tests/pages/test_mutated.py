"""A hundred and fifty papers changed at random, handed in at a real server: each is shown, or
refused with a code, and nothing else.

Ten thousand are tried by `python -m tests.bench.fuzz`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from meeting.pages import PagesLimits
from meeting.pages.pool import PAGE_CODES
from tests.bench.fuzz import mutants, tried
from tests.bench.handed_in import REFUSED
from tests.helpers.canary import Canary
from tests.helpers.mutated import sources

SEED = 20261122


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 50, 100])
async def test_a_mutated_paper_is_shown_or_refused_and_touches_nothing(
    first: int, tmp_path: Path
) -> None:
    limits = PagesLimits(open_seconds=5.0, page_seconds=5.0)
    with Canary(tmp_path) as canary:
        files = mutants(SEED, first, 50, sources(canary))
        outcome = await tried(files, canary, tmp_path, limits, at_once=2)

    came = Counter({how.partition("+")[0]: n for how, n in outcome.came.items()})
    assert (outcome.faults, outcome.restarts, outcome.survivors) == ([], 0, 0)
    assert (outcome.touched, outcome.called) == (0, 0)
    assert sum(outcome.came.values()) == 50
    assert {*came} <= {"shown", *REFUSED}
    failed = {code for how in outcome.came for code in how.split("+")[1:]}
    assert failed <= {*PAGE_CODES}
