"""Plotly figures of what the core computes; no Streamlit, no mathematics."""
