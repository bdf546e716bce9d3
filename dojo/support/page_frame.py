"""What every page of the dojo stands in: one HTML file with its style and script inside, and nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from html import escape


def framed(title: str, body: str, style: str = "", script: str = "") -> str:
    """A whole HTML document. `body`, `style` and `script` are trusted: what goes into them was escaped before."""
    whole_script = script.strip()
    # The page may run this one script and fetch nothing, whatever has found its way into the body.
    digest = base64.b64encode(hashlib.sha256(whole_script.encode()).digest()).decode()
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " + (
        f"script-src 'sha256-{digest}'" if whole_script else "script-src 'none'"
    )
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        # Without an icon of its own a browser asks the server for one.
        '<link rel="icon" href="data:,">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}{style}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#main">To the content</a>',
        f'<main id="main">\n{body}\n</main>',
    ]
    if whole_script:
        parts.append(f"<script>{whole_script}</script>")
    return "\n".join([*parts, "</body>", "</html>", ""])


# Every text colour here has a contrast of 4.5 to 1 or more to the paper and to the card; the checks compute it.
STYLE = """
:root{--paper:#ffffff;--card:#f5f6f8;--text:#1b1f24;--quiet:#59636e;--line:#d1d9e0;--link:#0757ba;
--good:#136c2e;--bad:#b3261e;--why:#7a4a00;--good-fill:#1a7f37;--bad-fill:#b3261e;--broken-fill:#6f2dbd;
--on-fill:#ffffff}
@media (prefers-color-scheme:dark){:root{--paper:#0f1317;--card:#191f26;--text:#e6eaef;--quiet:#a1adba;--line:#36404b;
--link:#7ab7ff;--good:#5fd07f;--bad:#ff8d84;--why:#f0bb66;--good-fill:#5fd07f;--bad-fill:#ff8d84;--broken-fill:#cfa6ff;
--on-fill:#0f1317}}
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:62rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:1.2rem 0 .4rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:.5rem;top:.5rem;background:var(--paper);padding:.5rem;z-index:1}
.quiet{color:var(--quiet)}
.good{color:var(--good)}.bad{color:var(--bad)}.why{color:var(--why)}.accent{color:var(--link)}.bold{font-weight:700}
.dim{color:var(--quiet)}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.75rem 1rem;margin:.75rem 0}
.card>:first-child{margin-top:0}.card>:last-child{margin-bottom:0}
pre{font:13px/1.45 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;margin:.5rem 0;overflow-x:auto;
white-space:pre;overflow-wrap:normal}
code{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.92em}
.scroll{overflow-x:auto}
table{border-collapse:collapse;overflow-wrap:normal}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.number{text-align:right;font-variant-numeric:tabular-nums}
summary{cursor:pointer;padding:.3rem 0}
button,input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--quiet);border-radius:6px;
padding:.35rem .7rem;min-height:2.25rem;max-width:100%}
button[aria-pressed=true]{background:var(--link);color:var(--paper);border-color:var(--link)}
@media print{.controls,.skip{display:none}}
"""
