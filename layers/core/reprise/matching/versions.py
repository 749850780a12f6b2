"""Version classes: which take of a song a title names, and which take may stand for which.

Every table row carries the case that asked for it. Patterns are matched on folded words (`fold.fold`), so they need no
accents, capitals or punctuation.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final, NamedTuple


class Version(StrEnum):
    """A way in which a recording differs from the plain studio one. The value is the word a person reads."""

    ORIGINAL = "original"
    REMASTER = "remastered"
    MASTERING = "mono or stereo"
    CLEAN = "clean"
    EDIT = "radio edit"
    EXTENDED = "extended"
    LIVE = "live"
    ACOUSTIC = "acoustic"
    REMIX = "remix"
    MIXED = "DJ-mixed"
    DUB = "dub"
    INSTRUMENTAL = "instrumental"
    KARAOKE = "karaoke"
    ACAPELLA = "a cappella"
    DEMO = "demo"
    ALTERNATE = "alternate"
    COVER = "cover"
    SPED_UP = "sped-up"
    SLOWED = "slowed"
    RERECORDED = "re-recorded"
    ARRANGED = "rearranged"
    REPRISE = "reprise"
    SEGMENT = "partial"
    SPOKEN = "spoken"
    OTHER = "different"


class Row(NamedTuple):
    """A class, the pattern that names it, and the case that asked for it."""

    version: Version
    pattern: str
    case: str


# The first row that fits a stretch of words takes it, so longer phrases stand above the words they contain.
# fmt: off
ROWS: Final = tuple(Row(*row) for row in (
    (Version.RERECORDED, r"taylors version", "Love Story (Taylor's Version)"),
    (Version.RERECORDED, r"re ?record(?:ed|ing|s)?(?: versions?)?|(?:newly|new) record(?:ed|ing)|re ?sung|re ?done",
     "Photograph (Re-Recorded)"),
    (Version.RERECORDED, r"neu(?:aufnahme|einspielung)|neue aufnahme|re ?gra(?:bad[oa]|bacion|vad[oa])"
     r"|re ?enregistr\w+|nuova (?:registrazione|incisione)|nueva grabacion|nowe nagranie|ny inspelning",
     "Major Tom (Neuaufnahme)"),
    (Version.KARAOKE, r"karaoke(?: versions?)?|sing ?along(?: version)?", "Dancing Queen (Karaoke Version)"),
    (Version.KARAOKE, r"backing tracks?|minus one", "Hello (Backing Track)"),
    (Version.KARAOKE, r"(?:originally performed by|in the style of|made famous by) .*",
     "Jolene (Originally Performed by Dolly Parton)"),
    (Version.COVER, r"cover(?: versions?|(?:ed)? by .*|$)", "Hurt (Cover)"),
    (Version.COVER, r"tribute(?: to .*| versions?|$)", "Yesterday (Tribute to The Beatles)"),
    (Version.COVER, r"lullaby (?:version|rendition)", "Creep (Lullaby Rendition)"),
    (Version.COVER, r"parody", "Royals (Parody)"),
    (Version.COVER, r"kaver|cover ?version|(?:tribut|homenaje|hommage|omaggio)(?: [aà]u? .*| al? .*|$)",
     "Numb (Coverversion)"),
    (Version.SPED_UP, r"sped up(?: versions?)?|speed up|spedup|fast version|^fast$", "Cool for the Summer (Sped Up)"),
    (Version.SPED_UP, r"nightcore(?: (?:remix|version))?", "Rockefeller Street (Nightcore)"),
    (Version.SLOWED, r"(?:(?:super|ultra) )?slowed(?: (?:down|and reverb|reverb|versions?))*|slow version|^slow$",
     "After Dark (Slowed + Reverb)"),
    (Version.SLOWED, r"reverb|chopped and screwed|^screwed$|^daycore$", "Still Tippin' (Chopped & Screwed)"),
    (Version.INSTRUMENTAL, r"instrumentals?(?: (?:versions?|mix|edit))?|instr(?: (?:version|mix))?",
     "Beat It (Instrumental)"),
    (Version.INSTRUMENTAL, r"inst$", "Hype Boy (Inst.)"),
    (Version.INSTRUMENTAL, r"strumentale|instrumentaal|off ?vocal", "Japanese singles end with (off vocal)"),
    (Version.INSTRUMENTAL, r"(?:version )?(?:instrumental|enstrumantal)\w*|no (?:vocals?|voice|lead vocals?)"
     r"|without (?:vocals?|voice)|(?:sans|ohne|sin|senza|sem|bez) (?:voix|gesang|voz|voces|voce|vokal\w*|wokalu?"
     r"|zpevu)"
     r"|play ?back|podklad\w*|music only", "Clair (Version instrumentale)"),
    (Version.ACAPELLA, r"(?:drum|perc)apella", "Show Me Love (Percapella)"),
    (Version.ACAPELLA, r"a ?c+ap+ell?a(?: (?:versions?|mix))?|vocals? only", "Human Nature (A Cappella)"),
    (Version.ACOUSTIC, r"acoustic(?: (?:versions?|mix|session))*", "Layla (Acoustic)"),
    (Version.ACOUSTIC, r"(?:acusti[ck]|akusti[kcn]|akoesti|acoustiq)\w*(?: versi(?:on|ya))?", "Corazón (Acústica)"),
    (Version.ACOUSTIC, r"(?:mtv )?unplugged", "About a Girl (MTV Unplugged)"),
    (Version.ACOUSTIC, r"stripped(?: down| back)? versions?|stripped(?: down| back)?$|campfire version",
     "Stay (Stripped)"),
    (Version.ACOUSTIC, r"^(?:piano|guitar|ukulele|cello|harp|solo piano|piano solo|naked|bare)$|klavier ?version",
     "Someone You Loved (Piano)"),
    (Version.ACOUSTIC, r"(?:piano|guitar|ukulele|harp|cello|music box)(?: and voice| acoustic)? (?:versions?|mix)",
     "All of Me (Piano Version)"),
    (Version.LIVE, r"(?:recorded )?live(?: (?:versions?|recording|sessions?|performance|in concert|on air|acoustic))+",
     "Alive (Live Version)"),
    (Version.LIVE, r"(?:recorded )?live(?=$| (?:at|in|from|on|with|and|a|au|aux|im|aus|en|edit|radio|mono|stereo|bonus"
     r"|video|\d{1,4}|re ?master\w*)\b)",
     "Song (Live at Leeds), but not (Live Your Life)"),
    (Version.LIVE, r"(?:en|ao|al) vivo|en (?:direct[oe]?|publico|public|concierto|tournee)|dal vivo|na zhivo|zivo"
     r"|^(?:vivo|directo)$", "La Camisa Negra (En Vivo)"),
    (Version.LIVE, r"na zywo|z koncertu|canli(?: (?:performans|kayit|versiyon|konser))?|konser(?: kaydi|de)?$"
     r"|elo(?:ben)?$|elo felvetel"
     r"|na ?zivo|u ?zivo|v ?zivo|nazhivo|vzhivuyu|livena|livena \w+|ziv[eya]$|koncert\w*|konsert\w*|concerto dal vivo"
     r"|tiesiogiai|gyvai|dzivaja|truc tiep|langsung", "Sen (Canlı)"),
    (Version.LIVE, r"\w*(?:mitschnitt|liveaufnahme|konzertaufnahme)|live(?:version|fassung|inspelning|opname"
     r"|opptak|optagelse"
     r"|taltiointi|mix)|(?:konzert|concert) ?(?:version|fassung)|auf der buhne|unplugged version",
     "Cello (Livemitschnitt)"),
    (Version.LIVE, r"^at (?!last|first|night|midnight|noon|dawn|dusk|sunrise|sunset|all|once|least|home|heart"
     r"|your|my|our"
     r"|his|her|their|the (?:end|moment|time|top|bottom|edge|same|start|beginning|gates?|heart|movies|zoo|beach"
     r"|hop|bar"
     r"|club|door|window|table|party|river|crossroads)|times?|peace|war|sea|work|play|love|ease|rest|this|that"
     r"|dance|you"
     r"|me|it|random|arms?|any|what)\w.*", "Bluebird (at Red Rocks)"),
    (Version.LIVE, r"\d{1,2} \d{1,2} (?:19|20)?\d\d|(?:19|20)\d\d \d\d \d\d"
     r"|(?:\d{1,2}(?:st|nd|rd|th)? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)\w*(?: \d{1,2}(?:st"
     r"|nd|rd|th)?)? (?:19|20)\d\d",
     "Karma (Berlin, 21.06.1987)"),
    (Version.LIVE, r"^(?!from |.*(?:video|clip|audio|lyric|single|album|soundtrack|film|movie|edition|remaster"
     r"|master|eurovision|christmas"
     r"|release|original|version|copyright|prod|radio|anno)).*[a-z]{3,} (?:19|20)\d\d$", "Bluebird (Wembley 1986)"),
    (Version.LIVE, r"from (?:the )?(?:basement|attic|garage|kitchen|bathroom|bedroom|living room|rooftop|roof"
     r"|couch|sofa"
     r"|backyard|road|stage|studio|bunker|barn|porch)(?: sessions?)?", "Bluebird (From the Basement)"),
    (Version.LIVE, r"(?:audience|soundboard|concert|radio|tv|television|festival|tour) (?:recording|broadcast"
     r"|appearance)"
     r"|^(?!.*\b(?:live|version|mix|remix|edit)\b)\w.* (?:arena|stadium|festival|theatre|theater|amphitheatre"
     r"|opera house)$|soundcheck",
     "Bluebird (Soundcheck)"),
    (Version.LIVE, r"(?:in|en) concert|concert version|(?:konzert|concert|performance)$|koncert",
     "Child in Time (In Concert)"),
    (Version.LIVE, r"(?:bbc|peel|radio|studio) sessions?(?: version)?|(?:\w+ |^)sessions?(?: \d+)?$",
     "Polly (BBC Session)"),
    (Version.LIVE, r"(?:spotify|apple music|itunes|deezer|vevo|kexp|npr|sofar|audiotree)(?: \w+| *$)+",
     "Ocean Eyes (Spotify Singles)"),
    (Version.LIVE, r"tiny desk(?: .*|$)|live lounge|recorded (?:live )?(?:at|in|on) .*",
     "Dakiti (Recorded at Spotify Studios)"),
    (Version.LIVE, r"raibu|xianchang(?:ban)?", "Lemon (ライブ)"),
    (Version.DEMO, r"(?:(?:original|early|home|acoustic) )?demos?(?: (?:versions?|recording|take))?",
     "Lithium (Demo)"),
    (Version.DEMO, r"(?:home|bedroom|cassette|four ?track|4 ?track|phone|tape|basement) (?:recording|tape|version"
     r"|take)",
     "Bluebird (Home Recording)"),
    (Version.DEMO, r"rough (?:mix|cut)|work tape|maqueta|voice (?:memo|note)s?|work in progress",
     "Born to Run (Rough Mix)"),
    (Version.ALTERNATE, r"alternat(?:e|ive)(?! (?:\w+ )?(?:video|art|artwork|cover|clip))(?: (?:versions?|takes?"
     r"|mix))?"
     r"|alt (?:version|take|mix)",
     "So What (Alternate Take)"),
    (Version.ALTERNATE, r"out ?takes?|sessions? outtake|take (?:\d+|one|two|three)|false start",
     "I'm Only Sleeping (Take 2)"),
    (Version.ALTERNATE, r"(?:early|first|second) (?:version|take|mix)|rehearsal(?: take)?|unreleased(?: version)?",
     "Mother Nature's Son (Early Take)"),
    (Version.SPOKEN, r"commentary|interview|spoken(?: word)?|audio ?book|track by track|^reading$|read by .*",
     "Shake It Off (Commentary)"),
    (Version.SEGMENT, r"(?:interlude|intro|outro|skit)$|snippet|preview|teaser|excerpt|tv size(?: ver(?:sion)?)?"
     r"|ringtone|trailer(?: version)?", "Runaway (Intro)"),
    (Version.SEGMENT, r"medley|mega ?mix", "Stars on 45 (Medley)"),
    (Version.REPRISE, r"reprise", "Sgt. Pepper's Lonely Hearts Club Band (Reprise)"),
    (Version.ORIGINAL, r"(?:original|album|lp|main|full|full length|standard|regular)"
     r"(?: (?:versions?|mix|edit|album version|master|recording|length))+", "Strobe (Original Mix)"),
    (Version.ORIGINAL, r"original$|album$|vocal$|versione? originale?", "Azzurro (Versione originale)"),
    (Version.MASTERING, r"(?:(?:20\d\d|new) )?(?:mono|stereo|monaural)(?: (?:versions?|mix|single|master|album|45))*",
     "She Loves You (Mono)"),
    (Version.MASTERING, r"dolby atmos|spatial audio|8d(?: audio)?|binaural", "Rocket Man (Dolby Atmos)"),
    (Version.REMASTER, r"(?:(?:newly|digital(?:ly)?|hd) )?re ?master(?:ed|ing|s)?"
     r"(?: (?:versions?|edition|recording|album|single|track|mono|stereo))*", "Heroes - 2017 Remaster"),
    (Version.REMASTER, r"remasterizad[oa]|remasterisee?|(?:\d{4} )?master$|(?:(?:new|digital) )?mastering",
     "Suspiros de España (Remasterizado)"),
    (Version.EXTENDED, r"extended(?: (?:versions?|mix|edit|remix|club|dance|play|album|disco|vocal|12|inch))*"
     r"|^(?:long|longer|maxi)$|(?:long|longer|full ?length|maxi)"
     r"(?: (?:versions?|mix|edit|remix|club|dance|play|album|disco|vocal|12|inch))+", "Blue Monday (Extended Mix)"),
    (Version.EXTENDED, r"12(?: ?inch| in)?(?: (?:versions?|mix|single|extended|edit|master))+|12 ?inch",
     'Blue Monday (12" Version)'),
    (Version.EXTENDED, r"(?:original )?12$", 'Confusion (Original 12")'),
    (Version.EXTENDED, r"version (?:longue|larga|lunga|extendida)|lange version", "Words (Version longue)"),
    (Version.EXTENDED, r"(?:club|disco|dance) (?:mix|version|edit)", "Vogue (Club Mix)"),
    (Version.MIXED, r"(?:dj )?mixed(?: by .*|$)|continuous (?:dj )?mix|mix cut|dj mix",
     "Rej (Mixed), as every track of a DJ set is called"),
    (Version.EDIT, r"(?:radio|single|short|video|7|7 ?inch|7 in|us|uk|euro|dj|tv|airplay|edited|promo|album|soundtrack"
     r"|movie|film|clean|45)(?: (?:radio|single|edit|versions?|mix|short|video|cut|inch))+",
     "Take On Me (Radio Edit)"),
    (Version.EDIT, r"(?:radio|single)$|7 ?inch|edited|edit$", 'True Faith (7")'),
    (Version.DUB, r"dub(?: (?:versions?|mix|instrumental))*|dubstrumental|dub plate", "Rockers (Dub)"),
    (Version.REMIX, r"re ?mix(?:ed|es)?(?: (?:versions?|edit|by))*|rmx", "Lean On (Dillon Francis Remix)"),
    (Version.REMIX, r"re ?(?:work(?:ed)?|edit|touch|fix|rub|construction|flip|vision|visit(?:ed)?|imagin(?:ed|ing)"
     r"|interpretation|make)", "Nightcall (Dustin N'Guyen Rework)"),
    (Version.REMIX, r"remik[sx]\w*|mezcla|reedit", "Hej (Remiks)"),
    (Version.REMIX, r"bootleg|mash ?up|vip(?: mix)?$|flip$|blend$|redux|rub$|treatment$|remezcla", "Gecko (VIP Mix)"),
    (Version.REMIX, r"(?:bonus |drum)?beats$|(?:dj )?tool$|bass boosted", "Planet Rock (Bonus Beats)"),
    (Version.REMIX, r"(?:edit|mix)(?= \d|$)", "I Feel Love (Patrick Cowley Mix)"),
    (Version.REMIX, r"^(?:phonk|hardstyle|drumless|pitched|techno|trap|dubstep|drum and bass)$",
     "Metamorphosis (Phonk)"),
    (Version.ARRANGED, r"(?:orchestral|symphonic|string(?: quartet)?|choir|big band|jazz|bossa nova|reggae|lo ?fi)"
     r" versions?|orchestral|8 bit|(?:rendition|arrangement|interpretation)$|arr(?:anged|angement)? (?:for|by)\b.*",
     "Nothing Else Matters (Orchestral Version)"),
    (Version.ARRANGED, r"^(?:lo ?fi|bossa nova|reggae|salsa|bachata|cumbia|merengue|dembow|kizomba|chiptune|8 ?bit"
     r"|music box|marimba|lullaby|rockabye|ambient)$", "Get Lucky (Bossa Nova)"),
    (Version.CLEAN, r"explicit(?: (?:versions?|lyrics|content))?|clean versions?|^clean$|dirty version"
     r"|(?:un)?censored",
     "HUMBLE. [Explicit]"),
    (Version.OTHER, r"versao (?=\w)|^(?:english|german|french|spanish|italian|portuguese|japanese|russian|dutch|korean"
     r"|chinese|mandarin|cantonese|swedish|polish|turkish|greek|hebrew|arabic|hindi|deutsch|espanol|italiano|francais"
     r"|svenska|polska)$", "Fernando (Spanish)"),
    (Version.OTHER, r"(?:in|en|auf|na|po|pa|op) (?:het )?(?:espanol|castellano|ingles|frances|italiano|portugues"
     r"|aleman|japones|english"
     r"|spanish|french|german|italian|japanese|korean|chinese|russian|portuguese|swedish|deutsch|englisch|franzosisch"
     r"|spanisch|italienisch|francais|anglais|espagnol|allemand|italien|polsku|angielsku|russki|anglijski|cesky"
     r"|svenska"
     r"|engelska|norsk|nederlands|inglese|francese|spagnolo|tedesco|hebrew|arabic|spaans|engels|frans"
     r"|duits)(?: version| edit)?$",
     "Nel blu (in spagnolo)"),
    (Version.OTHER, r"(?:just|only|nur) (?:vocals?|piano|guitar|voice)|(?:without|ohne|sans|senza|sem"
     r"|minus) (?!you\b|me\b|us\b|her\b"
     r"|him\b|it\b|them\b|a\b|an\b|the\b|your\b|my\b|love\b|warning\b|toi\b|moi\b|dich\b|mich\b|te\b|di\b)\w.*"
     r"|no (?:rap|feature|guest|drums?|strings|intro|backing)|solo (?:version|mix|edit)|rap version",
     "Stay (without Rihanna)"),
    (Version.OTHER, r"version (?:francaise|espanola|castellana|inglesa|anglaise|italienne|allemande)",
     "Lady (Version Française)"),
    (Version.OTHER, r"amazon (?:music )?(?:originals?|exclusive)|^solo$|^v ?\d$|^\d+ hours?$",
     "Loved by You (Amazon Original)"),
    (Version.OTHER, r"(?:versions?|versao|versione|versiya|versiyon\w*|verzio|verzija|verze|versjon|versio|wersja"
     r"|fassung|ver)"
     r"(?= \d|$| (?:mono|stereo|explicit|clean|edit|live|remaster\w*|20\d\d|en|in|del?|du)\b)|(?:take|cut)$",
     "Hurt (Long Cut)"),
))
# fmt: on

# What stays of a phrase once its classes are taken out says whose or where it was, unless it is one of these.
FILLERS: Final = frozenset(
    word
    for words in (
        "a an and the of in at from by on for to with",
        "de la el le en do da",
        "version versions mix edit track tracks bonus original single album full main vocal",
        "new digital digitally stereo mono recording recorded release edition deluxe special expanded anniversary",
        "official video audio music lyric lyrics clip tv performance hd hq 4k",
    )
    for word in words.split()
)

# A record company made these of the same performance: they stand for the original and for one another (`S1x-41`).
NEUTRAL: Final = frozenset({Version.ORIGINAL, Version.REMASTER, Version.MASTERING, Version.CLEAN})

# Beyond the neutral ones, what may stand for the original and the original for it, at a cost in confidence.
STANDS_FOR: Final = frozenset({Version.EDIT})

# Classes whose remaining words tell one from another: the remixer, the place, the language.
NAMED: Final = frozenset(
    {
        Version.REMIX, Version.DUB, Version.OTHER, Version.ARRANGED, Version.LIVE, Version.ALTERNATE, Version.DEMO,
        Version.ACOUSTIC, Version.EXTENDED, Version.RERECORDED, Version.SPOKEN,
    }
)  # fmt: skip


def _alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern, cut where no bracket is open."""
    found, depth = [""], 0
    for piece in re.split(r"(\\.|[()|])", pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            found.append("")
        else:
            found[-1] += piece
    return found


class _Spotter(NamedTuple):
    """Finds the phrases of the rows in folded words. Group n + 1 of a find stands for `versions[n]`."""

    pattern: re.Pattern[str]
    versions: tuple[Version, ...]


# Compiled at the first title: it takes longer than all else this package imports, and a tick without news needs none.
@cache
def _spotter() -> _Spotter:
    """The rows as one pattern. An empty group behind each alternative tells which one fits.

    In front it would hide the literals a search skips by.
    """
    alternatives = [(row.version, alternative) for row in ROWS for alternative in _alternatives(row.pattern)]
    marked = "|".join(f"{alternative}()" for _, alternative in alternatives)
    return _Spotter(re.compile(rf"\b(?=\w)(?:{marked})(?!\w)"), tuple(version for version, _ in alternatives))


# A phrase of these that takes up all of a tail is itself what tells one take from another: "at Red Rocks".
_PLACES: Final = frozenset({Version.LIVE, Version.OTHER})
# How such a phrase starts when it names nothing.
_BARE: Final = ("live", "recorded live", "in concert", "en vivo", "ao vivo", "en concert", "concert", "solo")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


class Take(NamedTuple):
    """What one phrase of a title says of the take: its classes, and the words that tell it from others of its class."""

    versions: frozenset[Version]
    words: frozenset[str]


@lru_cache(maxsize=1 << 14)
def take(folded: str) -> Take | None:
    """The take a folded phrase names, or None where it names none.

    An edit or mix by somebody is a remix: "Radio Edit" is the label's, "Todd Terje Edit" is Todd Terje's.
    """
    versions: set[Version] = set()
    rest: list[str] = []
    end = 0
    spotter = _spotter()
    for spot in spotter.pattern.finditer(folded):
        if spot.lastindex:
            versions.add(spotter.versions[spot.lastindex - 1])
            rest += folded[end : spot.start()].split()
            end = spot.end()
    if not versions:
        return None
    rest += folded[end:].split()
    if not rest and " " in folded and _PLACES & versions and not folded.startswith(_BARE):
        rest = folded.split()
    words = frozenset(word for word in rest if word not in FILLERS)
    if Version.REMASTER in versions or Version.EDIT in versions:
        words = frozenset(word for word in words if not _YEAR.fullmatch(word))
    found = frozenset(versions)
    if not found - NEUTRAL:
        return Take(found, frozenset())
    if words and Version.EDIT in found:
        found = found - {Version.EDIT} | {Version.REMIX}
    return Take(found, words)
