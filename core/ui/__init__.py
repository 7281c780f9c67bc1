"""The only package of core that knows Streamlit: frame, server, shared state and widgets."""
