"""Our golden table: songs everybody knows, in a small library, asked for the way people and services write them.

`LIBRARY` rows are `id | title | artist | album | length`. `CASES` rows are `why | title | artist | album | length |
expected id, or -`. Trailing fields may be left out when empty. Lengths are m:ss.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from reprise.domain.tracks import LibraryTrack, SourceTrack

LIBRARY: Final = """
boh | Bohemian Rhapsody | Queen | A Night at the Opera | 5:54
boh-r | Bohemian Rhapsody - Remastered 2011 | Queen | Greatest Hits | 5:54
boh-l | Bohemian Rhapsody (Live at Wembley '86) | Queen | Live at Wembley '86 | 5:48
champ | We Are the Champions | Queen | News of the World | 2:59
rock-u | We Will Rock You | Queen | News of the World | 2:01
pressure | Under Pressure | Queen & David Bowie | Hot Space | 4:08
radio-ga | Radio Ga Ga | Queen | The Works | 5:48
heroes | "Heroes" | David Bowie | "Heroes" | 6:07
oddity | Space Oddity - 2015 Remaster | David Bowie | David Bowie | 5:18
ashes | Ashes to Ashes | David Bowie | Scary Monsters (And Super Creeps) | 4:25
satis | (I Can't Get No) Satisfaction | The Rolling Stones | Out of Our Heads | 3:43
paint | Paint It, Black | The Rolling Stones | Aftermath | 3:22
angie | Angie | The Rolling Stones | Goats Head Soup | 4:33
yesterday | Yesterday | The Beatles | Help! | 2:05
come | Come Together | The Beatles | Abbey Road | 4:19
sun | Here Comes the Sun | The Beatles | Abbey Road | 3:05
sgt | Sgt. Pepper's Lonely Hearts Club Band | The Beatles | Sgt. Pepper's Lonely Hearts Club Band | 2:02
sgt-rep | Sgt. Pepper's Lonely Hearts Club Band (Reprise) | The Beatles | Sgt. Pepper's Lonely Hearts Club Band | 1:18
diamonds | Lucy in the Sky With Diamonds | The Beatles | Sgt. Pepper's Lonely Hearts Club Band | 3:28
obladi | Ob-La-Di, Ob-La-Da | The Beatles | The Beatles | 3:08
come-aero | Come Together | Aerosmith | Greatest Hits | 3:45
wall1 | Another Brick in the Wall, Pt. 1 | Pink Floyd | The Wall | 3:11
wall2 | Another Brick in the Wall, Pt. 2 | Pink Floyd | The Wall | 3:59
wall3 | Another Brick in the Wall, Pt. 3 | Pink Floyd | The Wall | 1:18
shine1 | Shine On You Crazy Diamond (Parts I-V) | Pink Floyd | Wish You Were Here | 13:30
wish | Wish You Were Here | Pink Floyd | Wish You Were Here | 5:34
hell | Run Like Hell | Pink Floyd | The Wall | 4:20
money-pf | Money | Pink Floyd | The Dark Side of the Moon | 6:22
teen | Smells Like Teen Spirit | Nirvana | Nevermind | 5:01
polly-l | Polly (Live) | Nirvana | MTV Unplugged in New York | 3:16
girl-u | About a Girl (MTV Unplugged) | Nirvana | MTV Unplugged in New York | 3:37
lithium-d | Lithium (Demo) | Nirvana | With the Lights Out | 2:49
heart-box | Heart-Shaped Box | Nirvana | In Utero | 4:41
creep | Creep | Radiohead | Pablo Honey | 3:58
creep-a | Creep (Acoustic) | Radiohead | My Iron Lung | 4:19
karma | Karma Police | Radiohead | OK Computer | 4:21
paranoid | Paranoid Android | Radiohead | OK Computer | 6:23
wonder | Wonderwall | Oasis | (What's the Story) Morning Glory? | 4:18
wonder-cov | Wonderwall | Ryan Adams | Love Is Hell | 4:10
champagne | Champagne Supernova | Oasis | (What's the Story) Morning Glory? | 7:27
losing | Losing My Religion | R.E.M. | Out of Time | 4:28
everybody | Everybody Hurts | R.E.M. | Automatic for the People | 5:20
end-world | It's the End of the World as We Know It (And I Feel Fine) | R.E.M. | Document | 4:05
bluem | Blue Monday | New Order | Power, Corruption & Lies | 7:29
bluem-88 | Blue Monday '88 | New Order | Substance | 4:09
faith-7 | True Faith (7" Version) | New Order | Singles | 4:10
temptation | Temptation | New Order | Substance | 6:59
transmission | Transmission | Joy Division | Substance | 3:37
tear-us | Love Will Tear Us Apart | Joy Division | Substance | 3:27
like-prayer | Like a Prayer | Madonna | Like a Prayer | 5:41
vogue-12 | Vogue (12" Version) | Madonna | Vogue | 8:25
frozen | Frozen | Madonna | Ray of Light | 6:12
billie | Billie Jean | Michael Jackson | Thriller | 4:54
beat-i | Beat It (Instrumental) | Michael Jackson | Thriller 25 | 4:18
thriller | Thriller | Michael Jackson | Thriller | 5:57
girl-mine | The Girl Is Mine (with Paul McCartney) | Michael Jackson | Thriller | 3:42
nothing-2u | Nothing Compares 2 U | Sinéad O'Connor | I Do Not Want What I Haven't Got | 5:10
purple | Purple Rain | Prince & The Revolution | Purple Rain | 8:41
kiss | Kiss | Prince | Parade | 3:46
die-4u | I Would Die 4 U | Prince | Purple Rain | 2:49
poker | Poker Face | Lady Gaga | The Fame | 3:57
shallow | Shallow | Lady Gaga, Bradley Cooper | A Star Is Born | 3:35
telephone | Telephone (feat. Beyoncé) | Lady Gaga | The Fame Monster | 3:40
crazy-love | Crazy in Love (feat. Jay-Z) | Beyoncé | Dangerously in Love | 3:56
halo | Halo | Beyoncé | I Am... Sasha Fierce | 4:21
umbrella | Umbrella | Rihanna feat. JAY-Z | Good Girl Gone Bad | 4:35
stay-ri | Stay | Rihanna, Mikky Ekko | Unapologetic | 4:00
heart | Don't Go Breaking My Heart | Elton John & Kiki Dee | Greatest Hits Volume II | 4:31
stay-gra | Stay (Graham Parker) | Bonnie Raitt | Home Plate | 3:33
lovestory-tv | Love Story (Taylor's Version) | Taylor Swift | Fearless (Taylor's Version) | 3:55
shake | Shake It Off | Taylor Swift | 1989 | 3:39
exile | exile (feat. Bon Iver) | Taylor Swift | folklore | 4:45
shake-out | Shake It Out | Florence + The Machine | Ceremonials | 4:37
dogdays | Dog Days Are Over | Florence and the Machine | Lungs | 4:12
rolling | Rolling in the Deep | Adele | 21 | 3:48
hello-ad | Hello | Adele | 25 | 4:55
hello-lr | Hello | Lionel Richie | Can't Slow Down | 4:11
alive-pj | Alive | Pearl Jam | Ten | 5:41
live-forever | Live Forever | Oasis | Definitely Maybe | 4:36
draft | Draft Day | Drake | Draft Day | 4:25
gift | A Gift | Lou Reed | Coney Island Baby | 3:47
leftright | Left, Right | YG | My Krazy Life | 3:49
hotline | Hotline Bling | Drake | Views | 4:27
oneda | One Dance (feat. Wizkid & Kyla) | Drake | Views | 2:54
humble | HUMBLE. | Kendrick Lamar | DAMN. | 2:57
allstars | All the Stars (with SZA) | Kendrick Lamar | Black Panther: The Album | 3:52
lose-y | Lose Yourself | Eminem | 8 Mile | 5:26
stan | Stan (feat. Dido) | Eminem | The Marshall Mathers LP | 6:44
wild | Walk on the Wild Side | Lou Reed | Transformer | 4:12
perfect-lr | Perfect Day | Lou Reed | Transformer | 3:46
earth | September | Earth, Wind & Fire | The Best of Earth, Wind & Fire, Vol. 1 | 3:35
mrs-rob | Mrs. Robinson | Simon & Garfunkel | Bookends | 4:02
boxer | The Boxer | Simon & Garfunkel | Bridge Over Troubled Water | 5:08
graceland | Graceland | Paul Simon | Graceland | 4:50
ohio | Ohio | Crosby, Stills, Nash & Young | So Far | 3:00
earfquake | EARFQUAKE | Tyler, The Creator | IGOR | 3:10
hells | Hells Bells | AC/DC | Back in Black | 5:12
thunder | Thunderstruck | AC/DC | The Razors Edge | 4:52
raise | Raise Your Glass | P!nk | Greatest Hits... So Far!!! | 3:23
tiktok | TiK ToK | Ke$ha | Animal | 3:20
praise | Praise the Lord (Da Shine) (feat. Skepta) | A$AP Rocky | TESTING | 3:25
mexican | Mexican Grand Prix | Mogwai | Hardcore Will Never Die | 5:18
vogel | Major Tom (völlig losgelöst) | Peter Schilling | Fehler im System | 4:54
luft | 99 Luftballons | Nena | Nena | 3:53
dont-cry | Don't Cry | Guns N' Roses | Use Your Illusion I | 4:44
sweet-child | Sweet Child O' Mine | Guns N' Roses | Appetite for Destruction | 5:56
november | November Rain | Guns N' Roses | Use Your Illusion I | 8:57
rnr-led | Rock and Roll | Led Zeppelin | Led Zeppelin IV | 3:40
stairway | Stairway to Heaven | Led Zeppelin | Led Zeppelin IV | 8:02
kashmir | Kashmir | Led Zeppelin | Physical Graffiti | 8:31
bjork | Jóga | Björk | Homogenic | 5:05
hyper | Hyperballad | Björk | Post | 5:21
sigur | Hoppípolla | Sigur Rós | Takk... | 4:28
moonage | Für Elise | Ludwig van Beethoven | Piano Classics | 2:55
moonlight1 | Piano Sonata No. 14, Op. 27 No. 2 "Moonlight": I. Adagio | Ludwig van Beethoven | Piano Sonatas | 5:20
moonlight3 | Piano Sonata No. 14, Op. 27 No. 2 "Moonlight": III. Presto | Ludwig van Beethoven | Piano Sonatas | 7:10
sym5-1 | Symphony No. 5 in C minor, Op. 67: I. Allegro con brio | Ludwig van Beethoven | Symphonies 5 & 7 | 7:22
sym7-2 | Symphony No. 7 in A major, Op. 92: II. Allegretto | Ludwig van Beethoven | Symphonies 5 & 7 | 8:10
spring1 | The Four Seasons, Concerto No. 1, RV 269 "Spring": I. Allegro | Antonio Vivaldi | The Four Seasons | 3:20
gruppa | Группа крови | Кино | Группа крови | 4:45
katyusha | Катюша | Хор Турецкого | Песни Победы | 3:20
sukiyaki | 上を向いて歩こう | 坂本九 | 上を向いて歩こう | 3:06
lemon | Lemon | 米津玄師 | BOOTLEG | 4:15
pretender | Pretender | Official髭男dism | Traveler | 5:27
moon-heart | 月亮代表我的心 | 邓丽君 | 岛国之情歌 | 3:30
gangnam | 강남스타일 | 싸이 | 싸이6甲 Part 1 | 3:39
zorbas | Ζορμπάς | Μίκης Θεοδωράκης | Alexis Zorbas | 4:20
enta | إنت عمري | أم كلثوم | إنت عمري | 59:00
despacito | Despacito | Luis Fonsi, Daddy Yankee | VIDA | 3:49
despacito-r | Despacito (Remix) [feat. Justin Bieber] | Luis Fonsi & Daddy Yankee | VIDA | 3:48
lean | Lean On (feat. MØ & DJ Snake) | Major Lazer | Peace Is the Mission | 2:56
lean-df | Lean On (Dillon Francis Remix) | Major Lazer | Lean On (Remixes) | 4:10
strobe | Strobe (Original Mix) | deadmau5 | For Lack of a Better Name | 10:37
nightcall-r | Nightcall (Paris Rework) | Kavinsky | Nightcall | 6:40
levels-re | Levels - Radio Edit | Avicii | Levels | 3:19
wakeme | Wake Me Up | Avicii | True | 4:07
sept-ends | Wake Me Up When September Ends | Green Day | American Idiot | 4:45
basket | Basket Case | Green Day | Dookie | 3:01
takeon | Take On Me | a-ha | Hunting High and Low | 3:47
takeon-u | Take On Me (MTV Unplugged) | a-ha | MTV Unplugged: Summer Solstice | 4:20
running | Running Up That Hill (A Deal with God) | Kate Bush | Hounds of Love | 4:58
wuther | Wuthering Heights | Kate Bush | The Kick Inside | 4:28
titanic | My Heart Will Go On (Love Theme from "Titanic") | Céline Dion | Let's Talk About Love | 4:40
eye-tiger | Eye of the Tiger (From "Rocky III") | Survivor | Eye of the Tiger | 4:05
ghost | Ghostbusters | Ray Parker Jr. | Ghostbusters | 4:05
dancing | Dancing Queen | ABBA | Arrival | 3:51
dancing-k | Mamma Mia (Karaoke Version) | Party Tyme Karaoke | Party Tyme Karaoke: ABBA | 3:35
hurt-cash | Hurt | Johnny Cash | American IV: The Man Comes Around | 3:38
allalong | All Along the Watchtower | Jimi Hendrix | Electric Ladyland | 4:00
knockin | Knockin' on Heaven's Door | Bob Dylan | Pat Garrett & Billy the Kid | 2:32
hall | Hallelujah | Jeff Buckley | Grace | 6:53
respect | Respect | Aretha Franklin | I Never Loved a Man the Way I Love You | 2:29
ring-fire | Ring of Fire | Johnny Cash | Ring of Fire | 2:38
folsom-l | Folsom Prison Blues (Live at Folsom State Prison) | Johnny Cash | At Folsom Prison | 2:42
layla-a | Layla (Acoustic) | Eric Clapton | Unplugged | 4:46
tears | Tears in Heaven | Eric Clapton | Rush | 4:33
joe-iggy | The Passenger | Iggy Pop | Lust for Life | 4:44
cheek | Cheek to Cheek | Louis Armstrong with Ella Fitzgerald | Ella and Louis | 5:53
sowhat | So What (Alternate Take) | Miles Davis | Kind of Blue (Legacy Edition) | 9:22
blueingreen | Blue in Green | Miles Davis | Kind of Blue | 5:37
soulman | Soul Man | Sam Moore & Dave Prater | Soul Men | 2:39
sos-a | SOS (feat. Aloe Blacc) | Avicii | TIM | 2:37
sos-abba | SOS | ABBA | ABBA | 3:22
hey-ya | Hey Ya! | OutKast | Speakerboxxx/The Love Below | 3:55
feelgood | Feel Good Inc. | Gorillaz | Demon Days | 3:42
seven-army | Seven Nation Army | The White Stripes | Elephant | 3:52
mr-bright | Mr. Brightside | The Killers | Hot Fuss | 3:42
human | Human | The Killers | Day & Age | 4:06
human-rag | Human | Rag'n'Bone Man | Human | 3:20
after-dark | After Dark (Sped Up) | Mr.Kitty | After Dark | 3:20
stilldre | Still D.R.E. (feat. Snoop Dogg) | Dr. Dre | 2001 | 4:31
numb | Numb | Linkin Park | Meteora | 3:07
pink-1 | The Lemon of Pink | The Books | The Lemon of Pink | 4:40
vitamin-c | Vitamin C | Can | Ege Bamyasi | 3:34
side-a1 | Untitled A1 | Sun Electric | Kitchen | 5:10
gypsy | Black Magic Woman / Gypsy Queen | Santana | Abraxas | 5:20
lune | Clair de lune | Claude Debussy | Suite bergamasque | 5:01
walk-aero | Walk This Way / King of Rock | Run-D.M.C., Aerosmith | Live Mash-Ups | 4:40
misirlou | Misirlou | Dick Dale | Surfers' Choice | 2:15
loser | Loser | Beck | Mellow Gold | 3:55
these-hands | These Hands | Johnny Bush | Sound of a Heartache | 2:44
numb-enc | Numb / Encore | JAY-Z & Linkin Park | Collision Course | 3:26
intheend | In the End | Linkin Park | Hybrid Theory | 3:36
unk-song | The Lonely Shepherd | Unknown Artist | Panflute Dreams | 4:22
quest | ??? | XXXTENTACION | ? | 2:32
bang | !!! | !!! | Louden Up Now | 3:00
plus | + | Ed Sheeran | + | 3:00
one-u2 | One | U2 | Achtung Baby | 4:36
one-met | One | Metallica | ...And Justice for All | 7:27
streets-l | Where the Streets Have No Name | U2 | Rattle and Hum: Live in Tempe | 5:20
gold-sl | Golden Slumbers / Carry That Weight | The Beatles | Abbey Road | 3:07
islands | Islands | Kenny Rogers & Dolly Parton | Duets | 4:08
smooth | Smooth (feat. Rob Thomas) | Santana | Supernatural | 4:54
nothing-else | Nothing Else Matters | Metallica | Metallica | 6:28
love-lana | Love | Lana Del Rey | Lust for Life | 4:32
video-lana | Video Games | Lana Del Rey | Born to Die | 4:42
"""

CASES: Final = """
# --- the plain case, and what never matters
plain | Karma Police | Radiohead | OK Computer | 4:21 | karma
title and artist alone are enough | Paranoid Android | Radiohead | | | paranoid
capitals say nothing | PARANOID ANDROID | RADIOHEAD | | | paranoid
spaces say nothing |   Paranoid   Android  | Radiohead | | | paranoid
a typographic apostrophe | Knockin’ on Heaven’s Door | Bob Dylan | | | knockin
a backtick for an apostrophe | Knockin` on Heaven`s Door | Bob Dylan | | | knockin
an acute accent for an apostrophe | Knockin´ on Heaven´s Door | Bob Dylan | | | knockin
no apostrophe at all | Knockin on Heavens Door | Bob Dylan | | | knockin
a hyphen U+2010 | Heart‐Shaped Box | Nirvana | | | heart-box
no hyphen | Heart Shaped Box | Nirvana | | | heart-box
hyphens as part of the name | Ob-La-Di Ob-La-Da | Beatles | | | obladi
a comma less | Paint It Black | The Rolling Stones | | | paint
quotes around a title | Heroes | David Bowie | | | heroes
a full stop in a title | HUMBLE | Kendrick Lamar | | | humble
an exclamation mark less | Hey Ya | Outkast | | | hey-ya
ampersand for and | Rock & Roll | Led Zeppelin | | | rnr-led
'n' for and | Rock 'n' Roll | Led Zeppelin | | | rnr-led
N for and | Rock N Roll | Led Zeppelin | | | rnr-led
u for you | Nothing Compares 2 You | Sinead O'Connor | | | nothing-2u
HTML leftovers | Rock &amp; Roll | Led Zeppelin | | | rnr-led
words run together | Wonder Wall | Oasis | | | wonder
escaped twice | Mrs. Robinson | Simon \\u0026 Garfunkel | | | mrs-rob
words torn apart | Take Onme | a-ha | | | takeon
a trailing ellipsis | Angie... | The Rolling Stones | | | angie
Mister for Mr. | Mister Brightside | The Killers | | | mr-bright
full-width letters | Ｋａｒｍａ Ｐｏｌｉｃｅ | Radiohead | | | karma
emoji beside a title | Halo ✨ | Beyoncé | | | halo
# --- artists are sets with roles
a leading The less | Seven Nation Army | White Stripes | | | seven-army
a leading The more | Basket Case | The Green Day | | | basket
feat. in the artist, with in the title | The Girl Is Mine | Michael Jackson feat. Paul McCartney | | | girl-mine
feat. in the title, not in the library's artist | Telephone | Lady Gaga feat. Beyoncé | | | telephone
feat. in neither | Telephone | Lady Gaga | | | telephone
guests in the source alone | Hotline Bling (feat. Nobody) | Drake | | | hotline
featuring in full | Umbrella | Rihanna Featuring Jay-Z | | | umbrella
ft. for feat. | Umbrella (ft. Jay Z) | Rihanna | | | umbrella
two mains listed with a comma | Shallow | Lady Gaga & Bradley Cooper | | | shallow
one of two mains | Shallow | Bradley Cooper | | | shallow
mains in another order | Shallow | Bradley Cooper, Lady Gaga | | | shallow
x between artists | Don't Go Breaking My Heart | Elton John x Kiki Dee | | | heart
with in the title | Don't Go Breaking My Heart (with Kiki Dee) | Elton John | | | heart
artists run together | Don't Go Breaking My Heart | Elton John Kiki Dee | | | heart
a slash that parts nobody | Thunderstruck | AC/DC | | | thunder
no slash | Thunderstruck | ACDC | | | thunder
a slash that parts two | Under Pressure | Queen/David Bowie | | | pressure
one of a pair | Under Pressure | David Bowie | | | pressure
a comma inside a name | September | Earth Wind & Fire | | | earth
four names that are one | Ohio | Crosby Stills Nash and Young | | | ohio
a comma before The | EARFQUAKE | Tyler The Creator | | | earfquake
plus for and | Shake It Out | Florence and the Machine | | | shake-out
and for plus | Dog Days Are Over | Florence + The Machine | | | dogdays
dots in initials | Losing My Religion | REM | | | losing
no dots in the library's | Everybody Hurts | R E M | | | everybody
a dollar for an s | TiK ToK | Kesha | | | tiktok
a dollar inside initials | Praise the Lord (Da Shine) | ASAP Rocky | | | praise
with between mains | Cheek to Cheek | Louis Armstrong & Ella Fitzgerald | | | cheek
three letters are too few to find a name by | Soul Man | Sam & Dave | | | -
first names only | Islands | Kenny & Dolly | | | islands
a band behind the artist | Purple Rain | Prince | | | purple
and His Orchestra | Hurt | Johnny Cash and His Orchestra | | | hurt-cash
a typing slip in the artist | Wuthering Heights | Kate Buhs | | | wuther
a letter less in the artist | Hallelujah | Jeff Bukley | | | hall
a guest named as the artist | Stan | Dido | | | stan
presents | Strobe | deadmau5 presents Strobe | | | strobe
# --- never inside a word
ft inside draft | Draft Day | Drake | | | draft
ft inside gift | A Gift | Lou Reed | | | gift
ft inside left | Left, Right | YG | | | leftright
live as a word of the name | Live Forever | Oasis | | | live-forever
live inside alive | Alive | Pearl Jam | | | alive-pj
video as a word of the name | Video Games | Lana Del Rey | | | video-lana
# --- versions that stand for one another
the remaster of what the library has plain | Karma Police - Remastered | Radiohead | | | karma
year and remaster | Karma Police - 2017 Remaster | Radiohead | | | karma
remaster in brackets | Wish You Were Here (2011 Remastered Version) | Pink Floyd | | | wish
plain, the library has the remaster | Space Oddity | David Bowie | | | oddity
another year's remaster | Space Oddity - 2019 Remaster | David Bowie | | | oddity
mono for stereo | Paint It, Black (Mono) | The Rolling Stones | | | paint
explicit label | Lose Yourself [Explicit] | Eminem | | | lose-y
album version | Halo (Album Version) | Beyoncé | | | halo
original mix, the library's | Strobe | deadmau5 | | | strobe
radio edit of nearly the same length | Poker Face (Radio Edit) | Lady Gaga | | 3:52 | poker
single version | Temptation (Single Version) | New Order | | 6:50 | temptation
the library has only the edit | Levels | Avicii | | 3:20 | levels-re
7 inch and the plain name | True Faith | New Order | | 4:12 | faith-7
bonus track label | Kashmir (Bonus Track) | Led Zeppelin | | | kashmir
deluxe label in the title | Halo (Deluxe Edition) | Beyoncé | | | halo
the plain one before its remaster | Bohemian Rhapsody | Queen | | | boh
the remaster when it is asked for | Bohemian Rhapsody - Remastered 2011 | Queen | Greatest Hits | | boh-r
the album decides between the two | Bohemian Rhapsody | Queen | A Night at the Opera | | boh
# --- versions that never do
only live there | Polly | Nirvana | Nevermind | | -
only unplugged there | About a Girl | Nirvana | Bleach | | -
only the demo there | Lithium | Nirvana | Nevermind | | -
only acoustic there | Layla | Eric Clapton | | | -
only the instrumental there | Beat It | Michael Jackson | Thriller | | -
only karaoke there | Mamma Mia | ABBA | ABBA | | -
only the sped-up one there | After Dark | Mr.Kitty | | | -
only the alternate take there | So What | Miles Davis | Kind of Blue | | -
only the 12" there | Vogue | Madonna | | | -
only the rework there | Nightcall | Kavinsky | | | -
live asked, plain there | Karma Police (Live) | Radiohead | | | -
live with a place asked | Karma Police - Live at Glastonbury | Radiohead | | | -
en vivo asked | Frozen (En Vivo) | Madonna | | | -
ao vivo asked | Human (Ao Vivo) | The Killers | | | -
acoustic asked | Halo (Acoustic) | Beyoncé | | | -
a remix asked | Hello (Dave Audé Remix) | Adele | | | -
a remix behind a dash asked | Hello - Marshmello Remix | Adele | | | -
instrumental asked | Hotline Bling (Instrumental) | Drake | | | -
karaoke asked | Dancing Queen (Karaoke Version) | ABBA | | | -
a cappella asked | Hotline Bling (A Cappella) | Drake | | | -
demo asked | Karma Police (Demo) | Radiohead | | | -
sped up asked | Shake It Off (Sped Up) | Taylor Swift | | | -
slowed asked | Video Games (Slowed + Reverb) | Lana Del Rey | | | -
nightcore asked | Numb (Nightcore) | Linkin Park | | | -
8-bit asked | Thriller (8-Bit Version) | Michael Jackson | | | -
extended asked | Human (Extended Mix) | The Killers | | | -
dub asked | Human (Dub) | The Killers | | | -
reprise asked | Thriller (Reprise) | Michael Jackson | | | -
the first recording asked, the new one there | Love Story | Taylor Swift | Fearless | | -
the new recording asked, the old one there | Shake It Off (Taylor's Version) | Taylor Swift | | | -
English version asked | 99 Luftballons (English Version) | Nena | | | -
orchestral asked | Nothing Else Matters (Orchestral Version) | Metallica | | | -
commentary asked | Shake It Off (Commentary) | Taylor Swift | | | -
intro asked | Thriller (Intro) | Michael Jackson | | | -
another remixer asked | Lean On (Tiësto Remix) | Major Lazer | | | -
cover asked | Numb (Cover) | Linkin Park | | | -
tribute asked | Numb (Tribute to Linkin Park) | Linkin Park | | | -
piano version asked | Halo (Piano Version) | Beyoncé | | | -
BBC session asked | Creep (BBC Session) | Radiohead | | | -
re-recorded asked | Respect (Re-Recorded) | Aretha Franklin | | | -
# --- several versions there: the one named
the studio one of two | Creep | Radiohead | | | creep
the acoustic one of two | Creep (Acoustic) | Radiohead | | | creep-a
the acoustic one behind a dash | Creep - Acoustic | Radiohead | | | creep-a
acoustic version, spelled out | Creep (Acoustic Version) | Radiohead | | | creep-a
the studio one of live and studio | Bohemian Rhapsody | Queen | | 5:55 | boh
the live one of live and studio | Bohemian Rhapsody (Live at Wembley 1986) | Queen | | | -
the live one, as its tags say it | Bohemian Rhapsody - Live at Wembley '86 | Queen | | | boh-l
a live one without a place | Folsom Prison Blues (Live) | Johnny Cash | | | folsom-l
live, by the album's name | Polly | Nirvana | MTV Unplugged in New York | 3:16 | polly-l
the remix of two | Lean On - Dillon Francis Remix | Major Lazer | | | lean-df
the original of two | Lean On | Major Lazer | | | lean
the remix with a guest | Despacito - Remix | Luis Fonsi, Daddy Yankee, Justin Bieber | | | despacito-r
the original beside the remix | Despacito | Luis Fonsi | | | despacito
the reprise of two | Sgt. Pepper's Lonely Hearts Club Band - Reprise | The Beatles | | | sgt-rep
the first of two | Sgt. Pepper's Lonely Hearts Club Band | The Beatles | | | sgt
original mix by name | Strobe - Original Mix | deadmau5 | | | strobe
unplugged by name | Take On Me - MTV Unplugged | a-ha | | | takeon-u
plain beside unplugged | Take On Me | a-ha | | | takeon
'88 is another recording | Blue Monday '88 | New Order | | | bluem-88
not '88 | Blue Monday | New Order | | | bluem
Taylor's Version by name | Love Story (Taylor’s Version) | Taylor Swift | | | lovestory-tv
# --- lengths
a second off | Karma Police | Radiohead | | 4:22 | karma
ten seconds off | Karma Police | Radiohead | | 4:31 | karma
three minutes off | Karma Police | Radiohead | | 7:30 | -
half as long | Stairway to Heaven | Led Zeppelin | | 4:00 | -
long songs may differ more | Stairway to Heaven | Led Zeppelin | | 8:35 | stairway
fifteen seconds off | Karma Police | Radiohead | | 4:36 | karma
length unknown | Stairway to Heaven | Led Zeppelin | | | stairway
# --- numbers and parts
part 2 of three | Another Brick in the Wall, Pt. 2 | Pink Floyd | | | wall2
part 2 in brackets | Another Brick In The Wall (Part 2) | Pink Floyd | | | wall2
part two in Roman | Another Brick in the Wall Part II | Pink Floyd | | | wall2
part two in words | Another Brick in the Wall, Part Two | Pink Floyd | | | wall2
part 3 of three | Another Brick in the Wall (Pt. 3) | Pink Floyd | | | wall3
part 4 of three | Another Brick in the Wall, Pt. 4 | Pink Floyd | | | -
parts in Roman | Shine On You Crazy Diamond, Pts. I-V | Pink Floyd | | | shine1
later parts | Shine On You Crazy Diamond (Parts VI-IX) | Pink Floyd | | | -
a number is the name | 98 Luftballons | Nena | | | -
the number the song is known for | 99 Luftballons | Nena | | | luft
opus and movement | Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio | Beethoven | | | sym5-1
another movement | Symphony No. 5 in C Minor, Op. 67: II. Andante con moto | Ludwig van Beethoven | | | -
another symphony | Symphony No. 3 in E-flat major, Op. 55: I. Allegro con brio | Ludwig van Beethoven | | | -
movement three, not one | Piano Sonata No. 14, Op. 27 No. 2 "Moonlight": III. Presto | Beethoven | | | moonlight3
movement one, not three | Piano Sonata Nr. 14, Op. 27, No. 2 "Moonlight": I. Adagio | Beethoven | | | moonlight1
umlaut in a composer's title | Fur Elise | Ludwig van Beethoven | | | moonage
# --- what stands in titles
Artist - Title | Queen - Radio Ga Ga | Queen | | | radio-ga
Artist - Title, artist unknown | Queen - Radio Ga Ga | | | | radio-ga
Title - Artist, artist unknown | Radio Ga Ga - Queen | | | | radio-ga
Artist: Title | Pink Floyd: Run Like Hell | Pink Floyd | | | hell
Artist - Album - Title | Pink Floyd - The Wall - Run Like Hell | Pink Floyd | | | hell
Artist ｜ Title | Oasis ｜ Champagne Supernova | Oasis | | | champagne
an official video | Lady Gaga - Poker Face (Official Music Video) | Lady Gaga | | | poker
official in French | Björk - Hyperballad (Audio Officiel) | Björk | | | hyper
official in Spanish | Luis Fonsi - Despacito (Video Oficial) ft. Daddy Yankee | Luis Fonsi | | | despacito
official in German | Nena - 99 Luftballons (Offizielles Musikvideo) | Nena | | | luft
brackets left out | Nirvana - Smells Like Teen Spirit Official Video HD | Nirvana | | | teen
lyrics behind | Adele - Hello lyrics | Adele | | | hello-ad
[HD] behind | Kate Bush - Wuthering Heights [HD] | Kate Bush | | | wuther
[4K Upgrade] is a subtitle nobody has | Kate Bush - Wuthering Heights (4K) | Kate Bush | | | wuther
the channel behind a bullet | Kate Bush - Wuthering Heights • Top of the Pops | Kate Bush | | | wuther
the year behind | ABBA - Dancing Queen 1976 | ABBA | | | dancing
the year in brackets | ABBA - Dancing Queen (1976) | ABBA | | | dancing
the dash left out | Radiohead Karma Police | Radiohead | | | karma
by the artist | Karma Police by Radiohead | Radiohead | | | karma
an underscore for the colon | Pink Floyd_ Run Like Hell | Pink Floyd | | | hell
a track number | 04 - Smells Like Teen Spirit | Nirvana | | | teen
a track number with a dot | 04. Smells Like Teen Spirit | Nirvana | | | teen
a track number without a gap | 009-Kashmir | Led Zeppelin | | | kashmir
a number that is none | 99 Luftballons | Nena | Nena | 3:53 | luft
the album in brackets | Kashmir (Physical Graffiti) | Led Zeppelin | Physical Graffiti | | kashmir
the album behind a dash | Kashmir - Physical Graffiti | Led Zeppelin | | | kashmir
feat. before the dash | Eminem feat. Dido - Stan | Eminem | | | stan
feat. behind the bracket | Santana - Smooth (Official Video) ft. Rob Thomas | Santana | | | smooth
live video of a studio song | Oasis - Wonderwall (Live at Knebworth) [Official Video] | Oasis | | | -
cover video | Numb - Linkin Park (Cover by Some Band) | Linkin Park | | | -
# --- subtitles and brackets of the name
opening bracket kept | (I Can't Get No) Satisfaction | The Rolling Stones | | | satis
opening bracket written out | I Can't Get No Satisfaction | The Rolling Stones | | | satis
subtitle left out | Running Up That Hill | Kate Bush | | | running
subtitle kept | Running Up That Hill (A Deal With God) | Kate Bush | | | running
long subtitle left out | It's the End of the World as We Know It | R.E.M. | | | end-world
German subtitle left out | Major Tom | Peter Schilling | | | vogel
a subtitle the library lacks | Angie (A Ballad) | The Rolling Stones | | | angie
film named | My Heart Will Go On (from Titanic) | Celine Dion | | | titanic
film left out | My Heart Will Go On | Céline Dion | | | titanic
film in the source alone | Ghostbusters (From "Ghostbusters") | Ray Parker, Jr. | | | ghost
film and its number left out | Eye of the Tiger | Survivor | | | eye-tiger
half of a medley | Golden Slumbers | The Beatles | | | gold-sl
the name in brackets | Rocky's Song (Eye of the Tiger) | Survivor | | | eye-tiger
unclosed bracket | Running Up That Hill (A Deal With God | Kate Bush | | | running
# --- typing slips
a letter swapped | Bohemain Rhapsody | Queen | | | boh
a letter less | Bohemian Rapsody | Queen | | | boh
a letter more | Paranooid Android | Radiohead | | | paranoid
-ing for -in' | Knocking on Heaven's Door | Bob Dylan | | | knockin
colour for color, as it were | Wuthering Hights | Kate Bush | | | wuther
a slip in a short word is another word | Hells Balls | AC/DC | | | hells
slips in both | Wuthering Hieghts | Kate Bushh | | | wuther
words lost, but album and length agree | To Heaven | Led Zeppelin | Led Zeppelin IV | 8:02 | stairway
words lost, and nothing else agrees | To Heaven | Led Zeppelin | | | -
a slip and a gap | Stair way to Heavn | Led Zeppelin | | | stairway
too many slips | Bohmean Rapsodie | Queen | | | -
no slip allowed in very short titles | Ore | U2 | | | -
# --- same title, other people
somebody else's song | Hello | Evanescence | | | -
the right one of two | Hello | Adele | | | hello-ad
the other right one of two | Hello | Lionel Richie | | | hello-lr
One is not One | One | U2 | | | one-u2
One is the other One | One | Metallica | | | one-met
One by nobody here | One | Ed Sheeran | | | -
a cover, the original asked | Hurt | Nine Inch Nails | | | -
the original, a cover asked | Wonderwall | Cat Power | | | -
the cover asked and there | Wonderwall | Ryan Adams | | | wonder-cov
both there, the original asked | Come Together | The Beatles | | | come
both there, the cover asked | Come Together | Aerosmith | | | come-aero
Dylan's, Hendrix's there | All Along the Watchtower | Bob Dylan | | | -
Cohen's, Buckley's there | Hallelujah | Leonard Cohen | | | -
a tribute band | Bohemian Rhapsody | The Queen Tribute Orchestra | | | -
same word, two artists | Human | Rag'n'Bone Man | | | human-rag
same word, the other artist | Human | The Killers | | | human
half of a pair is not the pair's other work | Graceland | Simon & Garfunkel | | | -
a first name is not the person | Respect | Aretha Smith | | | -
# --- same artist, other song
the artist without the song | Fake Plastic Trees | Radiohead | | | -
a title inside a longer one | Wake Me Up | Green Day | | | -
a longer one around the title | Wake Me Up When September Ends | Avicii | | | -
two words shared | Shake It Off | Florence + The Machine | | | -
a word more | We Are the Champions of the World | Queen | | | -
a word less | Rock You | Queen | | | -
the song is not the mash-up | Numb | Linkin Park | | | numb
the mash-up is not the song | Numb / Encore | Linkin Park, JAY-Z | | | numb-enc
an album track of the same album | Time | Pink Floyd | The Dark Side of the Moon | 6:53 | -
SOS of the other | SOS | ABBA | | | sos-abba
SOS with its guest | SOS | Avicii | | | sos-a
# --- neither there
unknown artist, unknown song | Imagine | John Lennon | | | -
nonsense | Xyzzy Plugh | Quux | | | -
# --- artist unknown
unknown artist, one of many titles | Hello | | | | -
unknown artist, album and length say which | Karma Police | | OK Computer | 4:21 | karma
various artists is unknown | Karma Police | Various Artists | OK Computer | 4:21 | karma
the library does not know the artist either | The Lonely Shepherd | Gheorghe Zamfir | Panflute Dreams | 4:22 | unk-song
# --- scripts and accents
accents left out | Hoppipolla | Sigur Ros | | | sigur
accents left out, short | Joga | Bjork | | | bjork
accents decomposed | Jo\u0301ga | Bjo\u0308rk | | | bjork
an accent too many, and the length agrees | Hållo | Adele | | 4:55 | hello-ad
Sinéad without accent | Nothing Compares 2 U | Sinead O’Connor | | | nothing-2u
Cyrillic | Группа крови | Кино | | | gruppa
Cyrillic in capitals | ГРУППА КРОВИ | КИНО | | | gruppa
Cyrillic, transliterated | Gruppa krovi | Kino | | | gruppa
Cyrillic, artist in the title | Кино - Группа крови | | | | gruppa
Cyrillic, without gaps | Группакрови | Кино | | | gruppa
Cyrillic, somebody else's | Катюша | Любэ | | | -
Japanese | 上を向いて歩こう | 坂本九 | | | sukiyaki
Japanese artist, Latin title | Lemon | 米津玄師 | | | lemon
mixed scripts in a name | Pretender | Official髭男dism | | | pretender
a live mark in Japanese | Lemon (ライブ) | 米津玄師 | | | -
Chinese | 月亮代表我的心 | 邓丽君 | | | moon-heart
Chinese, traditional letters | 月亮代表我的心 | 鄧麗君 | | | moon-heart
Korean | 강남스타일 | 싸이 | | | gangnam
Greek | Ζορμπάς | Μίκης Θεοδωράκης | | | zorbas
Greek without accents | Ζορμπας | Μικης Θεοδωρακης | | | zorbas
Arabic | إنت عمري | أم كلثوم | | | enta
another title in the same script | Перемен | Кино | | | -
# --- titles of signs and single letters
nothing but question marks | ??? | XXXTENTACION | | | quest
a band of exclamation marks | !!! | !!! | | | bang
a plus | + | Ed Sheeran | | | plus
other signs are other titles | ÷ | Ed Sheeran | | | -
an empty title | | Queen | | | -
another letter at the end is another song | Vitamin D | Can | | | -
the letter left out | Vitamin | Can | | | -
the letter itself | Vitamin C | CAN | | | vitamin-c
a part's number, as a letter | The Lemon of Pink I | The Books | The Lemon of Pink | | -
another place on the record | Untitled C1 | Sun Electric | | | -
the place itself | Untitled A1 | Sun Electric | | | side-a1
# --- takes that say so in a word or two
a series of a service | Wonderwall (Spotify Singles) | Oasis | | | -
an exclusive of a service | Wonderwall (Amazon Original) | Oasis | | | -
recorded somewhere else | Wonderwall - Recorded at Spotify Studios NYC | Oasis | | | -
a radio show | Wonderwall - BBC Radio 1 Live Lounge | Oasis | | | -
at a desk | Wonderwall (Tiny Desk Concert) | Oasis | | | -
live behind an at sign | Wonderwall (Live @ Knebworth) | Oasis | | | -
a film of a concert | Wonderwall (Official Live Video) | Oasis | | | -
a performance | Wonderwall (X Factor Performance) | Oasis | | | -
a session without a name | Wonderwall (Session) | Oasis | | | -
the instrument alone | Wonderwall (Piano) | Oasis | | | -
stripped back | Wonderwall - Stripped Back | Oasis | | | -
acoustic in Russian | Wonderwall (Акустика) | Oasis | | | -
acoustic in German, in one word | Wonderwall (Akustikversion) | Oasis | | | -
live in Portuguese, alone | Wonderwall (Vivo) | Oasis | | | -
in another language | Wonderwall (En Español) | Oasis | | | -
a French version | Wonderwall (Version Française) | Oasis | | | -
a genre for a take | Wonderwall (Bossa Nova) | Oasis | | | -
lofi | Wonderwall (Lofi) | Oasis | | | -
a note to oneself | Wonderwall (Voice Memo) | Oasis | | | -
cut for television | Wonderwall (TV Size) | Oasis | | | -
out of a DJ set | Wonderwall (DJ Mix) | Oasis | | | -
instrumental, cut short | Wonderwall (Inst.) | Oasis | | | -
for singing along, behind a dash | Wonderwall - In the Style of Oasis | Oasis | | | -
a tribute, behind a dash | Wonderwall - Tribute to Oasis | Oasis | | | -
another number in brackets | Wonderwall (2) | Oasis | | | -
a Roman one | Wonderwall (II) | Oasis | | | -
out of a vault, which says nothing of the take | Wonderwall (From the Vault) | Oasis | | | wonder
# --- slips, and words that are none
a slip in a long word | Miserlou | Dick Dale | | | misirlou
one letter makes another short word | Closer | Beck | | | -
one letter, but the length agrees | Losser | Beck | | 3:55 | loser
another Johnny | These Hands | Johnny Cash | | | -
the same Johnny, misspelled | These Hands | Jonny Bush | | | these-hands
# --- two songs in one
the medley is not its first song | Smells Like Teen Spirit / Come as You Are | Nirvana | | | -
a medley for its first song | Black Magic Woman | Santana | | | gypsy
the medley | Black Magic Woman / Gypsy Queen | Santana | | | gypsy
a mash-up with others for one of its songs | Walk This Way | Aerosmith | | | -
a surname alone | Clair de Lune | Debussy | | | lune
a dash for the slash | Black Magic Woman - Gypsy Queen | Santana | | | gypsy
an album of two names behind a dash | Karma Police - OK Computer / Kid A | Radiohead | | | karma
the artist behind a slash | Smells Like Teen Spirit / Nirvana | | | | teen
lyrics in Spanish | Shakira Suerte letra | Shakira | | | -
lyrics in Finnish, without brackets | Nirvana - Heart-Shaped Box SANAT | Nirvana | | | heart-box
P!nk | Raise Your Glass | P!nk | | | raise
Pink | Raise Your Glass | Pink | | | raise
# --- takes in other languages, places and dates
instrumental in Chinese | Lemon (伴奏) | 米津玄師 | | | -
for the television, in kana | Lemon (TVサイズ) | 米津玄師 | | | -
a live mark without brackets' gaps | Lemon【武道館ライブ音源】 | 米津玄師 | | | -
Cantonese | 月亮代表我的心 (粤语版) | 邓丽君 | | | -
live in Korean | 강남스타일 (라이브) | 싸이 | | | -
a remix in Russian | Группа крови (ремикс) | Кино | | | -
a concert in Greek | Ζορμπάς (συναυλία) | Μίκης Θεοδωράκης | | | -
live in Arabic | إنت عمري (حفلة) | أم كلثوم | | | -
live in Hebrew | Creep (בהופעה חיה) | Radiohead | | | -
live in Polish | Paranoid Android (na żywo) | Radiohead | | | -
live in Turkish | Paranoid Android (Canlı) | Radiohead | | | -
a recording of a concert, in German | Paranoid Android (Konzertmitschnitt) | Radiohead | | | -
in Italian, with its preposition | Frozen (in italiano) | Madonna | | | -
a place and a year | Paranoid Android (Knebworth 2003) | Radiohead | | | -
a place alone | Paranoid Android (at Glastonbury) | Radiohead | | | -
a date | Paranoid Android (Paris, 12.06.1997) | Radiohead | | | -
a room | Paranoid Android (From the Basement) | Radiohead | | | -
recorded anew | Losing My Religion (New Recording) | R.E.M. | | | -
without its guest | Stan (without Dido) | Eminem | | | -
a language version, and a remaster | 99 Luftballons (English Version - 2004 Remaster) | Nena | | | -
# --- names inside names, and people in part
a word of a longer name | Loser | Jeff Beck Group | | | -
a name that starts like another | Respect | Aretha | | | -
a tribute band a slip away | Kashmir | Lez Zeppelin | | | -
a band that is called after another | Karma Police | Radiohead Tribute | | | -
a player beside the composer | Für Elise | Ludwig van Beethoven, Lang Lang | | | moonage
family name first, two words | Respect | Franklin Aretha | | | respect
family name first, with a comma | Hurt | Cash, Johnny | | | hurt-cash
the article behind the name | Angie | Rolling Stones, The | | | angie
a channel | Karma Police | Radiohead - Topic | | | karma
a channel of another kind | Poker Face | LadyGagaVEVO | | | poker
an official channel | Poker Face | Lady Gaga Official | | | poker
# --- one spelling for two
an article more | A Space Oddity | David Bowie | | | oddity
an article less | Boxer | Simon & Garfunkel | | | boxer
a dotted abbreviation | S.O.S. | ABBA | | | sos-abba
a number sign | Symphony #7 in A major, Op. 92: II. Allegretto | Ludwig van Beethoven | | | sym7-2
a movement in Arabic figures | Symphony No. 7 in A major, Op. 92: 2. Allegretto | Ludwig van Beethoven | | | sym7-2
UTF-8 read as Windows-1252 | JÃ³ga | BjÃ¶rk | | | bjork
a typographic apostrophe, read so | Knockinâ€™ on Heavenâ€™s Door | Bob Dylan | | | knockin
# --- albums and concerts
a concert album is not the studio one | Where the Streets Have No Name | U2 | The Joshua Tree | | -
the concert itself | Where the Streets Have No Name | U2 | Rattle and Hum: Live in Tempe | 5:20 | streets-l
another edition of the album | Kashmir | Led Zeppelin | Physical Graffiti (Deluxe Edition) | | kashmir
the album as the library's bracket | Angie (Goats Head Soup) | The Rolling Stones | | | angie
a live song, known by its album alone | Where the Streets Have No Name (Live) | U2 | | 5:20 | streets-l
another album, same song | Creep | Radiohead | The Best Of | | creep
"""


class Case(NamedTuple):
    """One row of `CASES`. `expected` None: the right answer is none."""

    why: str
    source: SourceTrack
    expected: str | None


def _fields(line: str, count: int) -> list[str]:
    parts = [part.strip() for part in line.split(" |")]
    return parts + [""] * (count - len(parts))


def _length(text: str) -> int | None:
    minutes, _, seconds = text.partition(":")
    return (int(minutes) * 60 + int(seconds)) * 1000 if seconds else None


def library() -> list[LibraryTrack]:
    """The golden library."""
    rows = (_fields(line, 5) for line in LIBRARY.strip().splitlines())
    return [
        LibraryTrack(id=key, title=title, artist=artist, album=album, duration_ms=_length(length))
        for key, title, artist, album, length in rows
    ]


def cases() -> list[Case]:
    """The golden questions."""
    found = []
    for line in CASES.strip().splitlines():
        if line.startswith("# "):
            continue
        why, title, artist, album, length, expected = _fields(line, 6)
        source = SourceTrack(title=title, artist=artist, album=album, duration_ms=_length(length))
        found.append(Case(why, source, None if expected == "-" else expected))
    return found
