"""Compares two tracks. The only room that imports rapidfuzz.

The question: which song of this person's library is the recording a playlist elsewhere names? A wrong song is worse
than none, and "none" is an answer that says why. Tried in this order, the first that answers wins (`match`):

1. *What the person said*: "this one" is taken as it is; "never this" is out everywhere below.
2. *Recording MBID*: believed against everything but another version.
3. *ISRC*: only where title, artist, version and length agree too, for ISRCs repeat over wrong tags.
4. *Exact*: the same title and artist, once folded.
5. *Fuzzy*: nearly the same title, artist or both, among candidates from an index.

How a comparison comes about:

* `fold` brings every script to lower-case ASCII words; `words` writes short forms and part numbers one way.
* `titles` cuts a title into its head, the song's own name, and its tails; `tails` reads those: guests, a take,
  packaging, a context, a subtitle. `languages` puts takes in other scripts into English; `versions` knows the takes
  and which may stand for which. `artists` reads a credit as a set of people with roles. `readings` lists the ways a
  source's title can be meant ("Artist - Title", a track number in front).
* `index` holds the library in columns, `codec` stores it; `candidates` looks rows up: the same head whoever made it,
  and of the wanted people, or people spelled nearly so, the heads with few letters changed. Nothing is scanned.
* `score` compares a reading with a row and notes named evidence, each worth some log-odds (`evidence`, the one table),
  or a veto: other people (`credits`), another version, another part or number, a length further off than 20 s and 12 %.
* The sum of log-odds gives the chance of being right; what stays under the policy's threshold is "none". Between equal
  recordings: the same album, then a studio album before a compilation, then the better file, then the smaller id. Two
  different recordings that are equally good are no answer.
* `explain` says in one sentence why.

Every answer depends on the track, the policy and the songs that share a title or a person with it, and on nothing else:
not on the library's order, nor on unrelated songs in it.
"""
