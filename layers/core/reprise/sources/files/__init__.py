"""Playlists from uploaded files: JSPF, XSPF, M3U, CSV and our own JSON.

    reader ── detect, decode ──▶ jspf │ xspf │ m3u │ csv_file │ own_json ──▶ tracks ──▶ SourcePlaylist
                                                       all text through `cleaning`, all tracks through `tracks`

Whatever is wrong with a file ends as `InvalidUpload` with one sentence and the line or field it is about.
"""
