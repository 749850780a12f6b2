"""One source track's search: every candidate some reading leads to, judged and ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from reprise.matching import evidence as ev
from reprise.matching.artists import NOBODY
from reprise.matching.candidates import near_head, same_head
from reprise.matching.evidence import Evidence, Veto
from reprise.matching.index import LibraryIndex
from reprise.matching.readings import Form
from reprise.matching.score import Scored, Wanted, score

# Log-odds from which a song of the very title needs no rivals among nearly equal titles.
SURE: Final = 3.5

# Vetoed candidates come last, the most telling veto first.
_VETOES: Final = (None, *Veto)


class Search:
    """Made for one source track. `others` are the rows of the same title by somebody else, as they were met."""

    def __init__(self, index: LibraryIndex, wanted: Wanted, forms: Sequence[Form], never: frozenset[str]) -> None:
        self.wanted = wanted
        self.others: dict[int, None] = {}
        self._index = index
        self._forms = forms
        self._never = never
        self._best: dict[int, Scored] = {}
        self._ranked: list[Scored] | None = None

    def ranked(self) -> list[Scored]:
        """Every row that could be meant, best first. Near titles are looked for only where the same one fails."""
        if self._ranked is None:
            for form in self._forms:
                self._judge(form, same_head(self._index, form))
            if not any(scored.veto is None and scored.weight >= SURE for scored in self._best.values()):
                for form in self._forms:
                    self._judge(form, near_head(self._index, form, self.wanted.album, self.wanted.duration_ms))
            self.others = {row: None for row in self.others if row not in self._best}
            self._ranked = self._in_order(list(self._best.values()))
        return self._ranked

    def identified(self, rows: Iterable[int], weight: Evidence) -> list[Scored]:
        """The rows an identifier names, best first.

        An ISRC's must pass every check a text match must, for wrong tags repeat them; only the artist may be somebody
        else, at the price of an unknown one, for there aliases and transliterations have no end. A recording MBID is
        believed against all but the version: that is what a wrong one gets wrong.
        """
        found = []
        for row in rows:
            best = self._best_reading(row)
            if weight is ev.SAME_MBID and best.veto is not Veto.VERSION:
                best = best._replace(veto=None, weight=max(best.weight, ev.BASE))
            if self._index.ids[row] in self._never:
                best = best._replace(veto=Veto.NEVER)
            found.append(best._replace(weight=best.weight + weight.weight, evidence=(weight, *best.evidence)))
        return self._in_order(found)

    def _best_reading(self, row: int) -> Scored:
        related = self._scored(self._forms, row)
        return min(
            related or self._scored([form._replace(credit=NOBODY) for form in self._forms], row),
            key=_order,
        )

    def _scored(self, forms: Sequence[Form], row: int) -> list[Scored]:
        scored = [score(self._index, self.wanted, form, row) for form in forms]
        return [one for one in scored if one]

    def _judge(self, form: Form, rows: Iterable[int]) -> None:
        for row in rows:
            scored = score(self._index, self.wanted, form, row)
            if scored is None:
                self.others[row] = None
                continue
            if self._never and self._index.ids[row] in self._never:
                scored = scored._replace(veto=Veto.NEVER)
            held = self._best.get(row)
            if held is None or _order(scored) < _order(held):
                self._best[row] = scored

    def _in_order(self, found: list[Scored]) -> list[Scored]:
        """Best first. Of equal ones (a same album has weighed in by then) the one of the best standing leads."""
        if len(found) < 2:
            return found
        found.sort(key=_place)
        equal = [scored for scored in found if _order(scored) == _order(found[0])]
        if len(equal) > 1 and not found[0].veto:
            equal.sort(key=lambda scored: self._index.standing(scored.row))
            found[: len(equal)] = equal
        return found


def _order(scored: Scored) -> tuple[bool, float]:
    return scored.veto is not None, -scored.weight


def _place(scored: Scored) -> tuple[int, float, int]:
    return _VETOES.index(scored.veto), -scored.weight, scored.row
