"""What the benchmark of the web application serves: the application, a bare list view beside it, and a large agency."""
