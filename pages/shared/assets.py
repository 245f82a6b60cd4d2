"""What the browser fetches once and keeps: plotly.js of the installed package, and our own script.

Neither is copied here or taken from a CDN. Their addresses change with their contents, so browsers
may keep them forever.
"""

from hashlib import blake2b
from pathlib import Path

import plotly

PLOTLY_FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PLOTLY_PATH = f"/losscope/plotly-{plotly.__version__}.min.js"

HERE = Path(__file__).parent
SCRIPTS = ("message", "theme", "paint", "shade", "stage", "scout", "player", "figure")
FIGURE = "".join((HERE / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
FIGURE_PATH = f"/losscope/figure-{blake2b(FIGURE.encode(), digest_size=8).hexdigest()}.js"
