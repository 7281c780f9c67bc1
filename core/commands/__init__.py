"""The commands of the command line; core/__main__.py has the list of them."""
