"""Words that a store or a station masks: "F**k", "Sh*t", "A**". Written out, so that both spellings are one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Longer ones may hold a shorter one; a mask of any length stands for the first word of the list that fits it.
_MASKED = """
    fuck fucks fucked fucking fuckin fucker fuckers fuckboy motherfucker motherfuckers motherfucking motherfuckin
    shit shits shitty shitting bullshit bitch bitches bitching bitchin ass asses asshole assholes badass dumbass
    jackass nigga niggas nigger niggaz pussy pussies dick dicks cunt cunts cock cocks whore whores hoe hoes slut
    sluts damn goddamn bastard bastards tits titties piss pissed sex sexy hell crap cum cocaine heroin weed drugs
    kill killer suicide murder gun guns god jesus christ fag faggot dyke rape penis vagina scheisse scheiss arsch
    ficken fick hure wichser putain merde connard salope puta puto mierda cabron cono culo pendejo verga joder
    cazzo merda stronzo kurwa suka blyat
"""
MASKED: Final = tuple(_MASKED.split())
_TOKEN: Final = re.compile(
    r"(?<![a-z0-9*#@_-])[a-z]+(?:\*+|#+(?=[a-z]{2})|@+|_{1,}(?=[a-z])|-{2,})[a-z*#@_-]*(?![0-9])", re.IGNORECASE
)
_MASK: Final = re.compile(r"[*#@_-]+")


def written_out(text: str) -> str:
    """`text` with its masked words written out. What fits no word stays."""
    return _TOKEN.sub(lambda token: _meant(token[0]), text)


@lru_cache(maxsize=1 << 10)
def _meant(token: str) -> str:
    bare = token.rstrip("-_")
    exact = re.compile(_MASK.sub(lambda mask: f"[a-z]{{{len(mask[0])}}}", token), re.IGNORECASE)
    loose = re.compile(_MASK.sub("[a-z]+", bare), re.IGNORECASE)
    return next((word for pattern in (exact, loose) for word in MASKED if pattern.fullmatch(word)), token)
