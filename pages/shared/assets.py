"""Where plotly.js comes from: the installed plotly package, so neither a copy here nor a CDN."""

from pathlib import Path

import plotly

PLOTLY_FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
# The version is part of the address, so browsers may keep the file forever.
PLOTLY_PATH = f"/losscope/plotly-{plotly.__version__}.min.js"
