"""One file for each group of routes. A route reads the request, calls one use case, and shows what it returned."""
