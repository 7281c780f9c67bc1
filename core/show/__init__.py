"""Showing: words, colours, figures and files, without Streamlit."""
