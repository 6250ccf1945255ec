"""Three hundred papers changed at random: each is shown or refused with a code, and nothing else.

Ten thousand are tried by `python -m tests.bench.fuzz`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from meeting.pages import PagesLimits
from meeting.pages.pool import FILE_CODES, PAGE_CODES
from tests.bench.fuzz import mutants, tried
from tests.helpers.canary import Canary
from tests.helpers.mutated import sources

SEED = 20261122


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 100, 200])
async def test_a_mutated_paper_is_shown_or_refused_and_touches_nothing(
    first: int, tmp_path: Path
) -> None:
    limits = PagesLimits(open_seconds=5.0, page_seconds=5.0)
    with Canary(tmp_path) as canary:
        files = mutants(SEED, first, 100, sources(canary))
        outcome = await tried(files, canary, tmp_path, limits, workers=2)

    came = Counter({how.partition("+")[0]: n for how, n in outcome.came.items()})
    assert (outcome.faults, outcome.survivors) == ([], 0)
    assert (outcome.touched, outcome.called) == (0, 0)
    assert sum(outcome.came.values()) == 100
    assert {*came} <= {"shown", *FILE_CODES}
    failed = {code for how in outcome.came for code in how.split("+")[1:]}
    assert failed <= {*PAGE_CODES}
