"""The script that Streamlit reruns: navigation on top, the data bench, then the page.

What keeps its place from page to page, the bench and the projector switch, is drawn here: a widget
of the frame keeps its value and its place in the link when the page changes.
"""

import streamlit as st

from pages.shared import controls, dataset, menu

entry, page = menu.navigate()
st.set_page_config(
    page_title=entry.tab,
    page_icon=str(menu.ICON),
    layout="wide",
    initial_sidebar_state=330 if entry.bench else "collapsed",
)
controls.header(entry.heading, entry.sentence)
if entry.bench is None or dataset.bench(entry.bench) or not entry.bench.needed:
    page.run()
else:
    st.markdown("This page waits for data: the sidebar says what it needs.")
