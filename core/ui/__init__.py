"""The only package of core that knows Streamlit: the frame, the server, shared state and widgets."""
