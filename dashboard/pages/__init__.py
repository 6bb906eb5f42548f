"""One module per page: PAGE, layout(**query) and register(app). dashboard/app.py lists them."""
