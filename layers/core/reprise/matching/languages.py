"""What other scripts call a take, in the English that `versions` reads.

A title's take stands in brackets or behind a dash in the language of its sleeve. Alphabets that fold to Latin words of
their own are read there, in `versions`; what is listed here stands in scripts without gaps between words, or whose
spelling does not survive folding. A row is (the English phrase, what is written, the case that asked for it). What is
written is a regular expression over text in compatibility form and lower case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

# fmt: off
TAKES: Final = (
    ("karaoke", r"カラオケ|卡拉 ?ok|伴唱[带帶]?|노래방|가라오케|караоке|καραόκε|קריוקי|كاريوكي|คาราโอเกะ",
     "Song (カラオケ)"),
    ("instrumental", r"インスト(?:ゥルメンタル|ルメンタル|ゥルメント)?|オフ[・ ]?[ボヴ]ォ?ーカル|伴奏"
     r"|[纯純]音[乐樂]|纯演奏|반주|인스트(?:루?멘[탈털])?"
     r"|연주곡?|инструментал\w*|минусовка|фонограмма|ορχηστρικ\w+|ινστρουμένταλ|אינסטרומנטלי\w*|ללא (?:מילים"
     r"|שירה)|פלייבק"
     r"|موسيقى (?:فقط|صامتة)|بدون (?:كلمات|غناء)|บรรเลง|इंस्ट्रुमेंटल|वाद्य", "Song (伴奏)"),
    ("tv size", r"tv ?サイズ|テレビサイズ|アニメサイズ|ショート(?:サイズ)?|ワンコーラス|tv ?ver|tv版|动画版"
     r"|短版", "Song (TVサイズ)"),
    ("full version", r"フル(?:サイズ|コーラス)?|完整版?|全曲|풀 ?버전|полная версия", "Song (完整版)"),
    ("live version", r"ライ[ブヴ]|生演奏|生放送|コンサート|[现現][场場]|演唱[会會]|音[乐樂][节節]|라이브|콘서트"
     r"|공연 ?실황|실황|концерт\w*(?: запис\w+)?"
     r"|жив(?:ьём|ьем|ой звук|ое выступление|ая запись|ое исполнение)|вживую|на живо|наживо|лайв|ζωντανά"
     r"|ζωντανή\w*|συναυλία"
     r"|(?:ב?הופעה|מופע)(?: חיה| חי)?|לייב|(?<!\w)חי(?!\w)|(?:ال)?حفل\w*|مباشر\w*|لايف|تسجيل حي|การแสดงสด|แสดงสด"
     r"|คอนเสิร์ต|लाइव",
     "Song (ライブ)"),
    ("remix", r"リミックス|混音|重混|리믹스|ремикс\w*|ρεμίξ|רמיקס|ريمكس|ريميكس|รีมิกซ์|रीमिक्स", "Song (ремикс)"),
    ("cover version", r"カ[バヴ]ァ?ー|歌ってみた|翻唱|커버|кавер\w*|перепевка|διασκευή|קאבר|גרסת כיסוי|كوفر|كفر"
     r"|คัฟเวอร์|कवर", "Song (翻唱)"),
    ("acoustic", r"アコースティック|アコギ|弾き語り|不插[电電]|어쿠스틱|통기타|акустик\w*|акустическ\w+"
     r"|ακουστικ\w+|אקוסטי\w*"
     r"|[أا]كوستيك|อะคูสติก|अकूस्टिक", "Song (어쿠스틱)"),
    ("piano version", r"ピアノ|[钢鋼]琴|피아노|фортепиано|пианино|πιάνο|פסנתר|بيانو|เปียโน", "Song (钢琴版)"),
    ("guitar version", r"ギター|吉他|기타(?= ?버전)|κιθάρα|גיטרה|جيتار", "Song (吉他版)"),
    ("orchestral", r"オーケストラ|管弦[乐樂]|交[响響]|오케스트라|оркестр\w*|симфоническ\w+|ορχήστρα|תזמורת\w*"
     r"|أوركسترا", "Song (オーケストラ)"),
    ("demo", r"デモ|小[样樣]|[试試]唱|데모|демо(?:-?версия)?|ντέμο|דמו|ديمو|เดโม", "Song (デモ)"),
    ("remaster", r"リマスター\w*|리마스터\w*|ремастер\w*", "Song (リマスター)"),
    ("medley", r"メドレー|串[烧燒]|메들리|попурри|מחרוזת|ميدلي", "Song (メドレー)"),
    ("a cappella", r"アカペラ|清唱|아카펠라|а ?капп?елла|אקפלה|أكابيلا", "Song (清唱)"),
    ("extended", r"ロング|加[长長]|확장|расширенн\w+|מורחב\w*", "Song (加长版)"),
    ("sped up", r"加速|倍速|スピードアップ|빠른|ускоренн\w+", "Song (加速版)"),
    ("slowed", r"[降减減慢]速|スローダウン|느린|замедленн\w+", "Song (慢速版)"),
    ("re recorded", r"新[録录錄]|再[録录錄]音?|重[录錄]|セルフカ[バヴ]ァ?ー|재녹음|перезапис\w+|הקלטה מחודשת"
     r"|إعادة تسجيل", "Song (新録)"),
    ("rehearsal", r"リハーサル|彩排|리허설|репетиц\w+|חזרה", "Song (リハーサル)"),
    ("cantonese version", r"粤[语語]版?|粵[语語]版?|广东话|廣東話", "Song (粤语版)"),
    ("mandarin version", r"[国國][语語]版?|普通[话話]|[华華][语語]|中[国國][语語]|中文|중국어", "Song (国语版)"),
    ("japanese version", r"日[文语語]|日本[语語]|일본어|на японском|ביפנית", "Song (일본어 버전)"),
    ("korean version", r"[韩韓]([国國])?[文语語]|한국어|на корейском", "Song (韩文版)"),
    ("english version", r"英[文语語]|영어|(?:на )?английск\w+|ב?אנגלית|(?:ب)?(?:ال)?[إا]نجليزية|αγγλικ\w+",
     "Song (英文版)"),
    ("russian version", r"(?:на )?русск\w+|ב?רוסית", "Song (на русском)"),
    ("german version", r"(?:на )?немецк\w+|独[语語]|ドイツ語|ב?גרמנית", "Song (на немецком)"),
    ("french version", r"(?:на )?французск\w+|フランス語|法[语語]|ב?צרפתית|(?:ب)?(?:ال)?فرنسية",
     "Song (на французском)"),
    ("spanish version", r"(?:на )?испанск\w+|スペイン語|西班牙[语語]|스페인어|ב?ספרדית", "Song (スペイン語)"),
    ("version", r"バージョン|[ヴバ]ァージョン|ヴァージョン|(?<=[^\W\d_a-z]) ?ver(?!\w)|版本?|버[전젼]|верси[яи]"
     r"|εκδοχή|גרס[הת]|نسخة|[إا]صدار"
     r"|เวอร์ชั่?น", "Song (アルバム・ヴァージョン)"),
)
# fmt: on
_TAIL: Final = re.compile(r"[(\[{（［【〔「『~〜～/／|｜:：]|\s[-‐‑‒–—―]+\s?")


# Compiled at the first title that needs it: most libraries are in one script.
@cache
def _spotter() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """The rows as one pattern; group n + 1 stands for the phrase n."""
    also = TAKES[-1][1]
    rows = "|".join(f"((?:{re.sub(r'[(](?![?])', '(?:', written)})(?:[ ・]?(?:{also}))?)" for _, written, _ in TAKES)
    return re.compile(rows), tuple(english for english, _, _ in TAKES)


def in_english(raw: str, *, whole: bool = False) -> str:
    """`raw` with the takes behind its name in English; `whole`: those in the name, too, as albums have them.

    Text without another script comes back as it is.
    """
    tail = _TAIL.search(raw)
    start = 0 if whole else tail.start() if tail else len(raw)
    if raw[start:].isascii():
        return raw
    rest = unicodedata.normalize("NFKC", raw[start:]).lower()
    pattern, phrases = _spotter()
    return raw[:start] + pattern.sub(lambda found: f" {phrases[(found.lastindex or 1) - 1]} ", rest)
