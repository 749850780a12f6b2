"""Acts whose names mislead: those that play somebody else's songs, and those that only look like it. Data, not code.

Names are person keys or folded words (`artists`), so accents, capitals and a leading "The" say nothing.
"""

from __future__ import annotations

from typing import Final

# Who has one of these in the name, and somebody else's name, plays that somebody's songs.
IMITATORS: Final = frozenset(
    {
        "tribute",
        "tributes",
        "karaoke",
        "cover",
        "covers",
        "coverband",
        "salute",
        "lullaby",
        "lullabies",
        "players",
        "kids",
        "plays",
        "sings",
        "sing",
        "performs",
        "renditions",
        "impersonator",
        "impersonators",
        "soundalike",
        "soundalikes",
        "parody",
        "ukulele",
        "homenaje",
        "omaggio",
        "hommage",
        "babies",
        "toddlers",
        "rockabye",
        "backing",
        "instrumentals",
    }
)

# So does who has one of these, if the name is not among `OWN_NAMES`.
BORROWED: Final = frozenset(
    {"revival", "experience", "show", "story", "project", "legacy", "live", "forever", "mania", "again"}
)

# Acts that bear such a word, or a longer form of a name, of their own right.
OWN_NAMES: Final = frozenset(
    {
        "jimi hendrix experience",
        "creedence clearwater revival",
        "alan parsons project",
        "alan parsons live project",
        "robert glasper experience",
        "gotan project",
    }
)

_TRIBUTES = """
    smyths lezzeppelin letzzep rollingclones guns2roses pearljamm fanhalen mandonna ironmaidens acdshe hellsbelles
    bjornagain abbamania proxymusic noasis coldplace antarcticmonkeys bootlegbeatles fabfaux fabfour rutles analogues
    purpendicular ukfoofighters redhotchillipipers limelizzy whodlums illegaleagles britfloyd wrongdirection alcoholica
    beatallica stahlzeit counterfeitstones ramonas
"""
# Tribute bands whose names are, or look, a slip away from the band's they play.
TRIBUTES: Final = frozenset(_TRIBUTES.split())

_COMPOSERS = """
    albeniz albinoni alkan bach balakirev bartok beethoven bellini berlioz bizet boccherini borodin boulez brahms
    britten bruch bruckner buxtehude chopin copland corelli couperin czerny debussy delibes donizetti dowland dukas
    dvorak einaudi elgar enescu faure gershwin glazunov glinka gluck gounod granados grieg handel haydn hindemith
    hummel janacek josquin khachaturian kodaly korngold ligeti liszt lully mahler massenet mendelssohn messiaen milhaud
    monteverdi mozart mussorgsky mussorgskij nielsen nyman offenbach orff pachelbel paganini palestrina penderecki
    pergolesi piazzolla poulenc prokofiev puccini purcell rachmaninoff rachmaninov rameau ravel respighi rodrigo
    rossini saintsaens satie scarlatti schoenberg schonberg schubert schumann scriabin shostakovich sibelius smetana
    stravinsky stravinskij suppe szymanowski tallis tartini tavener tchaikovsky tschaikowsky telemann verdi villalobos
    vivaldi wagner webern weill yiruma
"""
# Composers that everybody names by their surname alone. Those whose name others are known by too are left out.
COMPOSERS: Final = frozenset(_COMPOSERS.split())
