"""For programs that were written for other servers: each route answers as its own did."""
